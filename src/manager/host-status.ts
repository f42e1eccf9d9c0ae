import { setTimeout as sleep } from 'node:timers/promises';
import type { NetmgrError } from '../errors.js';
import { driftTable, type DriftRow } from '../mib/drift-table.js';
import { linkStateTable, type LinkStateRow } from '../mib/link-state-table.js';
import { siteTable } from '../mib/site-table.js';
import { vifStateTable, type VifStateRow } from '../mib/vif-state-table.js';
import { readAgentStatus, type AgentStatus } from './snmp/agent-status.js';
import { readTablePatiently, untilRead } from './snmp/read-patiently.js';
import { readTable } from './snmp/read-table.js';
import type { SnmpSession } from './snmp/snmp-session.js';

/** What one agent reports. */
export interface HostStatus extends AgentStatus {
  readonly name: string;
  readonly vifs: readonly VifStateRow[];
  readonly links: readonly LinkStateRow[];
  /** Of what runs; undefined while its agent is given something else. */
  readonly sites: readonly string[] | undefined;
  /** Where its kernel differs from what it is to run; the agent may list only the first. */
  readonly drift: readonly DriftRow[];
}

/** A host that could not be asked, and why. */
export interface HostFailure {
  readonly name: string;
  readonly errors: readonly NetmgrError[];
}

/**
 * Reads all that an agent reports.
 *
 * @param ratesOver milliseconds over which rates are measured, which it takes longer; 0: they are of the time since
 *   somebody has asked before
 */
export async function readHostStatus(name: string, session: SnmpSession, ratesOver = 0): Promise<HostStatus> {
  let status = await untilRead(session, () => readAgentStatus(session));
  if (ratesOver > 0) {
    await sleep(ratesOver);
    status = await untilRead(session, () => readAgentStatus(session));
  }
  const vifs = await readTablePatiently(session, vifStateTable);
  const links = await readTablePatiently(session, linkStateTable);
  const drift = status.cfg.driftCount === 0 ? [] : await readTablePatiently(session, driftTable);
  const { candidateDigest, runningDigest } = status.cfg;
  const isRunning = Buffer.from(candidateDigest).equals(runningDigest);
  const sites = isRunning ? (await readTable(session, siteTable)).map((site) => site.name) : undefined;
  return { name, ...status, vifs, links, sites, drift };
}
