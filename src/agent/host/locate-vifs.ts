import type { VifRow } from '../../mib/vif-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { ListedMachine, MachineDriver } from '../machines/machine-driver.js';

/** Where a vif is now. */
export interface Place {
  /** The interface of the host. */
  readonly device: string;
  /** By which the driver knows its machine. */
  readonly machine: string;
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
    ? locateByMachine(rows, await driver.list(links.values()))
    : locateByName(rows, links);
}

/** A vif that has to be here keeps its name when it is missing: what belongs to it waits for it. */
export function locateByName(rows: readonly VifRow[], links: ReadonlyMap<string, Link>): LocatedVifs {
  const away = rows.filter(({ vif, presence }) => presence === 'optional' && !links.has(vif));
  const names = new Set(away.map(({ vif }) => vif));
  const here = rows.filter(({ vif }) => !names.has(vif));
  return {
    places: new Map(here.map((row) => [row.vif, { device: row.vif, machine: machineName(row) }])),
    away: away.map((row) => ({ row, why: `there is no interface ${row.vif}` })),
  };
}

/**
 * Finds vifs by their MAC address; where none is given, by the name of the interface or as the only one of their machine. What says
 * of which machine they are has to be true as well.
 */
export function locateByMachine(rows: readonly VifRow[], machines: readonly ListedMachine[]): LocatedVifs {
  const places = new Map<string, Place>();
  const away: AwayVif[] = [];
  for (const row of rows) {
    const found = locate(row, machines);
    if ('why' in found) away.push({ row, ...found });
    else places.set(row.vif, found);
  }
  return { places, away };
}

function locate(row: VifRow, machines: readonly ListedMachine[]): Place | Omit<AwayVif, 'row'> {
  const { macAddress, machine: asked } = row;
  const name = machineName(row);
  const goesBy = ({ name: own, aliases }: ListedMachine): boolean => own === name || aliases.includes(name);
  // Without a MAC address the name is all there is to go by.
  const isNamed = asked !== '' || macAddress === '';
  const candidates = isNamed ? machines.filter(goesBy) : machines;
  if (candidates.length === 0) {
    return { why: `no machine ${name} runs on this host; start it, or take it out of the virtual file` };
  }
  const interfaces = candidates.flatMap((machine) =>
    machine.interfaces.map((one) => ({ machine: machine.name, ...one })),
  );
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
