import { failuresOf, type NetmgrError } from '../../errors.js';
import { driftTable, type DriftRow } from '../../mib/drift-table.js';
import { vifStateTable } from '../../mib/vif-state-table.js';
import type { HostComponent } from '../components/host-component.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { readTablePatiently } from '../snmp/read-patiently.js';

/** What a host's agent says of it. */
export interface HostInspection {
  readonly host: string;
  /** Whether it runs what the files want; undefined if it could not be asked. */
  readonly runsWanted: boolean | undefined;
  /** Where its kernel and its machines (addresses, routes, MTU) are not as the agent runs them, and vifs that are down. */
  readonly drift: readonly Pick<DriftRow, 'what' | 'vif' | 'text'>[];
  readonly errors: readonly NetmgrError[];
}

/** Milliseconds that an agent may be silent before it counts as gone. */
const PATIENCE = 5000;

/** Has the agent of a host look at it. An agent that cannot be asked is part of the answer. */
export async function inspectHost(wanted: HostComponent, session: AgentSession): Promise<HostInspection> {
  const host = wanted.path;
  try {
    const { runningDigest, driftCount } = await session.examine(PATIENCE);
    const rows = driftCount === 0 ? [] : await readTablePatiently(session.snmp, driftTable);
    const vifs = await readTablePatiently(session.snmp, vifStateTable);
    // Nobody asked for another state of it, but nothing can pass.
    const down = vifs
      .filter(({ oper }) => oper === 'degraded')
      .map(({ vif, lastError }) => ({ what: 'vif' as const, vif, text: lastError }));
    return {
      host,
      runsWanted: Buffer.compare(runningDigest, wanted.configuration.digest()) === 0,
      drift: [...rows.map(({ what, vif, text }) => ({ what, vif, text })), ...down],
      errors: [],
    };
  } catch (error) {
    return { host, runsWanted: undefined, drift: [], errors: failuresOf(error) };
  }
}

export function isAsWanted({ runsWanted, drift }: HostInspection): boolean {
  return runsWanted === true && drift.length === 0;
}
