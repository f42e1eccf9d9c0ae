import type { IndexAllocator } from '../../mib/index-allocator.js';
import { compareOids } from '../../mib/oid.js';
import { machineVifTable, type MachineVifRow } from '../../mib/machine-vif-table.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';
import { encodeIndex, type AnyRow, type Entry, type TableDefinition } from '../../mib/table.js';
import type { VifRow } from '../../mib/vif-table.js';
import { vmNetworkTable, type VmNetworkRow } from '../../mib/vm/vm-network-table.js';
import { vmTable, type VmRow } from '../../mib/vm/vm-table.js';
import { shorten } from '../config/shorten.js';
import { attachmentOf } from '../host/attachment.js';
import type { HostSurvey } from '../host/linux-kernel.js';
import type { Link } from '../kernel/ip/links.js';
import type { MachineInterface } from '../machines/machine-driver.js';

/** By what machines and their interfaces are numbered. */
export interface VmIndexes {
  readonly machines: IndexAllocator;
  /** Of interfaces of the host, which have one name each; of what has none there, by its machine. */
  readonly vifs: IndexAllocator;
}

/** The rows of VM-MIB, and those of netemuMachineVifTable, which go with its networks; sorted. */
export interface VmEntries {
  readonly machines: readonly Entry[];
  readonly networks: readonly Entry[];
  readonly vifs: readonly Entry[];
}

/** An interface and whose it is. */
interface OwnedInterface {
  readonly machine: string;
  readonly aliases: readonly string[];
  readonly one: MachineInterface;
  readonly networkIndex: number;
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
    ...{ ...UNKNOWN, ...found.get(name)?.known },
    // Whoever made a machine may have called it anything.
    ...{ index: indexes.machines.indexOf(name), name: shorten(name) },
  }));
  const own = (machine: string, aliases: readonly string[], one: MachineInterface, i = 0): OwnedInterface => {
    // No interface of a host has a "/" in its name.
    const key = one.vif === '' ? `${machine}/${one.mac === '' ? String(i) : one.mac}` : one.vif;
    return { ...{ machine, aliases, one }, networkIndex: indexes.vifs.indexOf(key) };
  };
  const owned = [
    ...survey.machines.flatMap(({ name, aliases, interfaces }) =>
      interfaces.map((one, i) => own(name, aliases, one, i)),
    ),
    ...named
      .filter(({ vif }) => !placed.has(vif))
      .map(({ vmName, vif }) => own(vmName, [], { vif, model: '', mac: '' })),
  ];
  const networks = owned.map(({ machine, one: { vif, model, mac }, networkIndex }): VmNetworkRow => ({
    ...{ vmIndex: indexes.machines.indexOf(machine), index: networkIndex },
    ...{ ifIndex: links.get(vif)?.ifindex ?? 0, parent: parentOf(links.get(vif), links) },
    ...{ model: shorten(model), physAddress: mac },
  }));
  const vifs = owned.map(({ machine, aliases, one, networkIndex }): MachineVifRow => {
    const attached = attachmentOf(one.vif, links.get(one.vif), survey.openVswitch);
    return {
      ...{ vmIndex: indexes.machines.indexOf(machine), networkIndex, vmName: shorten(machine) },
      ...{ name: links.has(one.vif) ? nameable(one.vif) : '', bridge: nameable(attached.bridge) },
      obstacle: shorten(one.obstacle ?? attached.obstacle),
      aliases: shorten(aliases.join(' ')),
    };
  });
  return {
    machines: entriesOf(vmTable, machines),
    networks: entriesOf(vmNetworkTable, networks),
    vifs: entriesOf(machineVifTable, vifs),
  };
}

/** The name of an interface, if an object can hold it. */
const nameable = (name: string): string => (INTERFACE_NAME.test(name) ? name : '');

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
