import type { AgentSession } from '../snmp/agent-session.js';
import { readTablePatiently } from '../snmp/read-patiently.js';
import type { Host } from '../model/host.js';
import { MACHINE_TABLES, type HostMachines } from './locate-machines.js';

/**
 * Asks hosts for their machines, all at the same time.
 *
 * @param sessions of the hosts, in their order
 * @returns what those that answer say
 */
export async function readMachines(
  hosts: readonly Host[],
  sessions: readonly AgentSession[],
): Promise<HostMachines[]> {
  const asked = await Promise.allSettled(
    hosts.map(async (host, i): Promise<HostMachines> => {
      const session = sessions[i]?.snmp;
      if (session === undefined) throw new Error(`no session for ${host.name}`);
      return {
        host,
        machines: await readTablePatiently(session, MACHINE_TABLES.machines),
        networks: await readTablePatiently(session, MACHINE_TABLES.networks),
      };
    }),
  );
  // What does not answer now is told by what asks next.
  return asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
