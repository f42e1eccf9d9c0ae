import type { NetmgrError } from '../errors.js';
import { driftTable, type DriftRow } from '../mib/drift-table.js';
import { linkStateTable, type LinkStateRow } from '../mib/link-state-table.js';
import { vifStateTable, type VifStateRow } from '../mib/vif-state-table.js';
import { readAgentStatus, type AgentStatus } from './snmp/agent-status.js';
import { readTablePatiently, untilRead } from './snmp/read-patiently.js';
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

/** Reads all that an agent reports. */
export async function readHostStatus(name: string, session: SnmpSession): Promise<HostStatus> {
  const status = await untilRead(session, () => readAgentStatus(session));
  const vifs = await readTablePatiently(session, vifStateTable);
  const links = await readTablePatiently(session, linkStateTable);
  const drift = status.cfg.driftCount === 0 ? [] : await readTablePatiently(session, driftTable);
  return { name, ...status, vifs, links, drift };
}
