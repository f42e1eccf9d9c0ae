import type { IndexAllocator } from '../../mib/index-allocator.js';
import { compareOids } from '../../mib/oid.js';
import { encodeIndex, type AnyRow, type Entry, type TableDefinition } from '../../mib/table.js';
import type { VifRow } from '../../mib/vif-table.js';
import { vmNetworkTable, type VmNetworkRow } from '../../mib/vm/vm-network-table.js';
import { vmTable, type VmRow } from '../../mib/vm/vm-table.js';
import type { HostSurvey } from '../host/linux-kernel.js';
import type { Link } from '../kernel/ip/links.js';
import type { MachineInterface } from '../machines/machine-driver.js';

/** By what machines and their interfaces are numbered. */
export interface VmIndexes {
  readonly machines: IndexAllocator;
  /** Of interfaces of the host, which have one name each. */
  readonly vifs: IndexAllocator;
}

/** The rows of VM-MIB, sorted. */
export interface VmEntries {
  readonly machines: readonly Entry[];
  readonly networks: readonly Entry[];
}

/** What vmTable says of a machine of which nothing is known but its name. */
const UNKNOWN: Omit<VmRow, 'index' | 'name'> = {
  ...{ UUID: new Uint8Array(), OSType: '' },
  ...{ adminState: undefined, operState: 'unknown', autoStart: 'unknown', persistent: 'unknown' },
  ...{ curCpuNumber: undefined, minCpuNumber: undefined, maxCpuNumber: undefined },
  ...{ memUnit: undefined, curMem: undefined, minMem: undefined, maxMem: undefined },
  ...{ upTime: undefined, cpuTime: undefined },
};

/**
 * The machines that the driver found, and those that the running configuration names. Of an interface the driver says whose it
 * is; where it does not, the configuration does.
 *
 * @param configured the vifs that run
 */
export function vmEntries(
  survey: Omit<HostSurvey, 'configured'>,
  configured: readonly VifRow[],
  indexes: VmIndexes,
): VmEntries {
  const links = new Map(survey.links.map((link) => [link.name, link]));
  const found = new Map(survey.machines.map((machine) => [machine.name, machine]));
  const placed = new Set(survey.machines.flatMap(({ interfaces }) => interfaces.map(({ vif }) => vif)));
  const named = configured.filter(({ vmName }) => vmName !== '');
  const names = new Set([...found.keys(), ...named.map(({ vmName }) => vmName)]);
  const machines = [...names].map((name): VmRow => ({
    ...{ index: indexes.machines.indexOf(name), name },
    ...{ ...UNKNOWN, ...found.get(name)?.known },
  }));
  const networkRow = (name: string, { vif, model, mac }: MachineInterface): VmNetworkRow => ({
    ...{ vmIndex: indexes.machines.indexOf(name), index: indexes.vifs.indexOf(vif) },
    ...{ ifIndex: links.get(vif)?.ifindex ?? 0, parent: parentOf(links.get(vif), links) },
    ...{ model, physAddress: mac },
  });
  const networks = [
    ...survey.machines.flatMap(({ name, interfaces }) => interfaces.map((one) => networkRow(name, one))),
    ...named
      .filter(({ vif }) => !placed.has(vif))
      .map(({ vmName, vif }) => networkRow(vmName, { vif, model: '', mac: '' })),
  ];
  return { machines: entriesOf(vmTable, machines), networks: entriesOf(vmNetworkTable, networks) };
}

/**
 * The ifIndex of the interface that another one sits on, as a macvtap on a network card; 0 is none. The bridge of a tap or
 * veth is no parent but a virtual switch, which VM-MIB leaves out (RFC 7666 section 5).
 */
function parentOf(link: Link | undefined, links: ReadonlyMap<string, Link>): number {
  // Of a veth the other one is its peer.
  if (link?.peer?.name === undefined || link.kind === 'veth') return 0;
  return links.get(link.peer.name)?.ifindex ?? 0;
}

function entriesOf(table: TableDefinition, rows: readonly AnyRow[]): Entry[] {
  return rows
    .map((row) => ({ index: encodeIndex(table, row), row }))
    .sort((a, b) => compareOids(a.index, b.index));
}
