import { groupBy } from '../../group-by.js';
import type { VifRow } from '../../mib/vif-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { ListedMachine, MachineDriver, MachineInterface } from '../machines/machine-driver.js';

/** Where a vif is now. */
export interface Place {
  /** The interface of the host. */
  readonly device: string;
  /** By which the driver knows its machine. */
  readonly machine: string;
  /** Whether the interface is missing, where its name is known all the same. */
  readonly isGone?: boolean;
}

/** A vif of a configuration that is not on this host now, and why. */
export interface AwayVif {
  readonly row: VifRow;
  /** In words, with what to do. */
  readonly why: string;
  /** Whether its machine is here, and something stands in the way. */
  readonly isBlocked?: boolean;
}

/** Whether that it is away is wrong: a machine that may be on another host is missed by nobody. */
export const isMissed = ({ row, isBlocked = false }: AwayVif): boolean =>
  isBlocked || row.presence === 'required';

export interface LocatedVifs {
  /** By vif. */
  readonly places: ReadonlyMap<string, Place>;
  readonly away: readonly AwayVif[];
}

/** Finds which interfaces of the host the vifs are now. @throws NetmgrError `CommandFailed` */
export async function locateVifs(
  driver: MachineDriver,
  rows: readonly VifRow[],
  links: ReadonlyMap<string, Link>,
): Promise<LocatedVifs> {
  if (rows.length === 0) return { places: new Map(), away: [] };
  return driver.findsVifs
    ? locateByMachine(rows, await driver.list(links.values()), driver)
    : locateByName(rows, links);
}

/** A vif that has to be here keeps its name when it is missing: what belongs to it waits for it. */
export function locateByName(rows: readonly VifRow[], links: ReadonlyMap<string, Link>): LocatedVifs {
  const away = rows.filter(({ vif, presence }) => presence === 'optional' && !links.has(vif));
  const names = new Set(away.map(({ vif }) => vif));
  const here = rows.filter(({ vif }) => !names.has(vif));
  return {
    places: new Map(
      here.map((row) => {
        const place = { device: row.vif, machine: machineName(row) };
        return [row.vif, links.has(row.vif) ? place : { ...place, isGone: true }];
      }),
    ),
    away: away.map((row) => ({ row, why: `there is no interface ${row.vif}` })),
  };
}

/**
 * Finds vifs by their MAC address; where none is given, by the name of the interface or as the only one of their machine. What says
 * of which machine they are has to be true as well.
 */
export function locateByMachine(
  rows: readonly VifRow[],
  machines: readonly ListedMachine[],
  { macsAreGuests = false }: Pick<MachineDriver, 'macsAreGuests'> = {},
): LocatedVifs {
  const places = new Map<string, Place>();
  const away: AwayVif[] = [];
  const known = new KnownMachines(machines);
  for (const row of rows) {
    const found = locate(row, known, macsAreGuests);
    if ('why' in found) away.push({ row, ...found });
    else places.set(row.vif, found);
  }
  const byDevice = groupBy([...places], ([, { device }]) => device);
  for (const row of rows) {
    const same = byDevice.get(places.get(row.vif)?.device ?? '') ?? [];
    if (same.length < 2) continue;
    const names = same.map(([vif]) => vif).join(' and ');
    away.push({
      row,
      why: `${names} are the same interface; give each vif its MAC address`,
      isBlocked: true,
    });
  }
  for (const { row } of away) places.delete(row.vif);
  return { places, away };
}

/** An interface, and the name of its machine. */
interface Candidate extends MachineInterface {
  readonly machine: string;
}

/** Machines by all that they are asked for by. */
class KnownMachines {
  readonly #byName = new Map<string, Candidate[]>();
  readonly #byMac = new Map<string, Candidate[]>();
  readonly #names = new Set<string>();

  constructor(machines: readonly ListedMachine[]) {
    for (const { name, aliases, interfaces } of machines) {
      const candidates = interfaces.map((one) => ({ ...one, machine: name }));
      for (const called of new Set([name, ...aliases])) {
        this.#names.add(called);
        add(this.#byName, called, candidates);
      }
      for (const one of candidates) add(this.#byMac, one.mac, [one]);
    }
  }

  isThere(name: string): boolean {
    return this.#names.has(name);
  }

  named(name: string): readonly Candidate[] {
    return this.#byName.get(name) ?? [];
  }

  with(mac: string): readonly Candidate[] {
    return this.#byMac.get(mac) ?? [];
  }
}

function add(map: Map<string, Candidate[]>, key: string, more: readonly Candidate[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...more]);
  else list.push(...more);
}

function locate(row: VifRow, machines: KnownMachines, macsAreGuests: boolean): Place | Omit<AwayVif, 'row'> {
  const { macAddress, machine: asked } = row;
  const name = machineName(row);
  // Without a MAC address, or with one that the inside says, the name is all there is to go by.
  const isNamed = asked !== '' || macAddress === '' || macsAreGuests;
  if (isNamed && !machines.isThere(name)) {
    return { why: `no machine ${name} runs on this host; start it, or take it out of the virtual file` };
  }
  const interfaces = isNamed ? machines.named(name) : machines.with(macAddress);
  const matching =
    macAddress !== ''
      ? interfaces.filter(({ mac }) => mac === macAddress)
      : interfaces.length === 1
        ? interfaces
        : interfaces.filter(({ vif }) => vif === row.vif);
  const [found, second] = matching;
  if (found === undefined) {
    // One without an address of its own can be none that was asked for, and says why.
    const obstacle = interfaces.find(({ mac, vif }) => mac === '' && vif === '')?.obstacle;
    if (isNamed && obstacle !== undefined) return { why: obstacle, isBlocked: true };
    return { why: missingWords(row, isNamed ? name : '') };
  }
  if (second !== undefined) {
    const both = `${found.machine} and ${second.machine}`;
    const why = `${both} have an interface with the MAC address ${macAddress}; give one of them another, or name the machine`;
    return { why, isBlocked: true };
  }
  if (found.obstacle !== undefined) return { why: found.obstacle, isBlocked: true };
  if (found.vif === '') return { why: `the kernel has no interface for ${row.vif}`, isBlocked: true };
  return { device: found.vif, machine: found.machine };
}

function missingWords({ vif, vmName, macAddress }: VifRow, name: string): string {
  if (macAddress === '')
    return `${name} has several interfaces and none is called ${vif}; give the MAC address of the vif`;
  const who = name === '' ? 'no machine of this host' : name;
  return `${who} has ${name === '' ? 'an' : 'no'} interface with the MAC address ${macAddress}; is ${vmName} running?`;
}

/** What the driver is asked for. */
const machineName = ({ machine, vmName }: VifRow): string => (machine === '' ? vmName : machine);
