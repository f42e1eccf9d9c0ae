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
  /** Where its kernel differs from what it is to run; the agent may list only the first. */
  readonly drift: readonly DriftRow[];
}

/** A host that could not be asked, and why. */
export interface HostFailure {
  readonly name: string;
  readonly errors: readonly NetmgrError[];
}

/** The same with what is asked for once, not again and again. */
export interface HostOverview extends HostStatus {
  /** The names of the sites of what runs; undefined while its agent is given something else. */
  readonly sites: readonly string[] | undefined;
}

/** Reads what an agent reports. Rates are of the time since somebody has asked before. */
export async function readHostStatus(name: string, session: SnmpSession): Promise<HostStatus> {
  const status = await untilRead(session, () => readAgentStatus(session));
  const vifs = await readTablePatiently(session, vifStateTable);
  const links = await readTablePatiently(session, linkStateTable);
  const drift = status.cfg.driftCount === 0 ? [] : await readTablePatiently(session, driftTable);
  return { name, ...status, vifs, links, drift };
}

/** @param ratesOver milliseconds over which rates are measured, which it takes longer; 0: as in {@link readHostStatus} */
export async function readHostOverview(
  name: string,
  session: SnmpSession,
  ratesOver = 0,
): Promise<HostOverview> {
  if (ratesOver > 0) {
    await untilRead(session, () => readAgentStatus(session));
    await sleep(ratesOver);
  }
  const status = await readHostStatus(name, session);
  const { candidateDigest, runningDigest } = status.cfg;
  const isRunning = Buffer.from(candidateDigest).equals(runningDigest);
  const sites = isRunning ? (await readTable(session, siteTable)).map((site) => site.name) : undefined;
  return { ...status, sites };
}
