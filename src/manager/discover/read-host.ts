import { NetmgrError } from '../../errors.js';
import { bridgeTable } from '../../mib/bridge-table.js';
import { hostScalars } from '../../mib/host-scalars.js';
import { machineVifTable } from '../../mib/machine-vif-table.js';
import type { RowOf, TableDefinition } from '../../mib/table.js';
import { vmNetworkTable } from '../../mib/vm/vm-network-table.js';
import { vmScalars } from '../../mib/vm/vm-scalars.js';
import { vmTable } from '../../mib/vm/vm-table.js';
import { readScalars } from '../snmp/agent-status.js';
import { objectName } from '../snmp/object-name.js';
import { readTablePatiently, untilRead } from '../snmp/read-patiently.js';
import type { SnmpSession } from '../snmp/snmp-session.js';
import { composeHost } from './compose-host.js';
import type { DiscoveredHost } from './discovered.js';

/**
 * Reads what is on a host, whether it is configured or not.
 *
 * @param name as it was asked for; undefined: as the agent calls itself
 * @param onWarning hears of rows that were left out, since their values cannot be
 * @throws NetmgrError if it cannot be asked, or if its agent does not tell
 */
export async function readDiscovered(
  session: SnmpSession,
  name: string | undefined,
  onWarning: (warning: NetmgrError) => void = () => undefined,
): Promise<DiscoveredHost> {
  const { host } = session.agent;
  const read = <T extends TableDefinition>(table: T): Promise<RowOf<T>[]> =>
    readTablePatiently(session, table, undefined, (error, oid) => {
      onWarning(
        new NetmgrError({
          kind: 'Rejected',
          message: `what the agent says is no value of ${objectName(oid)}: ${error.message}`,
          subject: host,
          hint: 'What it is about was left out. Check that what answers there is a netmgr agent of this version.',
        }),
      );
    });
  const about = await readScalars(session, hostScalars.scalars);
  // Their reading is what the agent needs time for: the tables are of the same one, unless it takes long.
  const hypervisor = await untilRead(session, () => readScalars(session, vmScalars.scalars));
  const machines = await read(vmTable);
  const networks = await read(vmNetworkTable);
  const vifs = await read(machineVifTable);
  const bridges = await read(bridgeTable);
  if (networks.length > 0 && vifs.length === 0) {
    throw new NetmgrError({
      kind: 'Rejected',
      message: `the agent (version ${about.agentVersion}) does not tell where machines are attached`,
      subject: host,
      hint: 'Install the version of netmgr there that runs here.',
    });
  }
  return composeHost(name, { about, hypervisor, machines, networks, vifs, bridges });
}
