import { groupBy } from '../../group-by.js';
import type { BridgeRow } from '../../mib/bridge-table.js';
import type { HostScalars } from '../../mib/host-scalars.js';
import type { MachineVifRow } from '../../mib/machine-vif-table.js';
import type { VmNetworkRow } from '../../mib/vm/vm-network-table.js';
import type { VmScalars } from '../../mib/vm/vm-scalars.js';
import type { VmRow } from '../../mib/vm/vm-table.js';
import { ByteCount } from '../../units/byte-count.js';
import { MacAddress } from '../../units/mac-address.js';
import { inOrder } from './in-order.js';
import type { DiscoveredHost, DiscoveredMachine, DiscoveredVif } from './discovered.js';

/** What was read of a host; tables may be of different moments. */
export interface HostRows {
  readonly about: HostScalars;
  readonly hypervisor: VmScalars;
  readonly machines: readonly VmRow[];
  readonly networks: readonly VmNetworkRow[];
  readonly vifs: readonly MachineVifRow[];
  readonly bridges: readonly BridgeRow[];
}

const UUID_OCTETS = 16;

/** Puts together what an agent said. @param name as it was asked for; undefined: as the agent calls itself */
export function composeHost(name: string | undefined, rows: HostRows): DiscoveredHost {
  const { about, hypervisor } = rows;
  const networks = new Map(rows.networks.map((row) => [keyOf(row.vmIndex, row.index), row]));
  const vifsOf = groupBy(rows.vifs, ({ vmIndex }) => vmIndex);
  const machines = rows.machines
    .map((row) => machineOf(row, vifsOf.get(row.index) ?? [], networks))
    // What only a configuration names is not there.
    .filter(({ state, vifs }) => state !== 'unknown' || vifs.some((vif) => vif.name !== ''));
  return {
    name: name ?? about.name,
    backend: [...about.backends][0],
    software: hypervisor.hvSoftware,
    version: hypervisor.hvVersion,
    machines: inOrder(machines, (machine) => machine.name),
    bridges: inOrder(
      rows.bridges.map(({ ifName, kind, uplink, otherUplinks }) => ({
        ...{ name: ifName, kind, uplink, otherUplinks: wordsOf(otherUplinks) },
      })),
      (bridge) => bridge.name,
    ),
  };
}

function machineOf(
  row: VmRow,
  vifs: readonly MachineVifRow[],
  networks: ReadonlyMap<string, VmNetworkRow>,
): DiscoveredMachine {
  const memory = memoryOf(row);
  const cpus = row.curCpuNumber ?? 0;
  const found = vifs.map(({ vmIndex, networkIndex, name, bridge, obstacle }): DiscoveredVif => ({
    ...{ name, bridge, obstacle },
    mac: macOf(networks.get(keyOf(vmIndex, networkIndex))?.physAddress ?? ''),
  }));
  return {
    ...{ name: row.name, uuid: uuidOf(row.UUID), os: row.OSType, state: row.operState },
    aliases: [...new Set(vifs.flatMap(({ aliases }) => wordsOf(aliases)))],
    ...(memory === undefined ? {} : { memory }),
    ...(cpus > 0 ? { cpus } : {}),
    vifs: inOrder(found, ({ name, mac }) => `${name} ${mac}`),
  };
}

/** What it has now, or else what it may have at most. */
function memoryOf({ memUnit, curMem, maxMem }: VmRow): ByteCount | undefined {
  const count = [curMem, maxMem].find((each) => each !== undefined && each > 0);
  const bytes = (count ?? 0) * (memUnit ?? 0);
  return bytes > 0 && Number.isSafeInteger(bytes) ? ByteCount.ofBytes(bytes) : undefined;
}

/** As RFC 9562 writes it. */
function uuidOf(octets: Uint8Array): string {
  if (octets.length !== UUID_OCTETS || octets.every((octet) => octet === 0)) return '';
  return Buffer.from(octets)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The address if it is one of a station. */
function macOf(text: string): string {
  try {
    const mac = MacAddress.parse(text).toString();
    return mac === '00:00:00:00:00:00' ? '' : mac;
  } catch {
    return '';
  }
}

const keyOf = (machine: number, network: number): string => `${String(machine)}.${String(network)}`;
const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');
