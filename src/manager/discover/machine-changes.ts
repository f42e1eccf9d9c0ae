import type { DiscoveredHost, DiscoveredMachine, DiscoveredVif } from './discovered.js';

/** What happened to a machine, or to a host. */
export type DiscoveredChange =
  | {
      readonly change: 'came' | 'gone';
      readonly host: string;
      readonly machine: string;
      readonly state: string;
    }
  | { readonly change: 'moved'; readonly host: string; readonly machine: string; readonly from: string }
  | {
      readonly change: 'state';
      readonly host: string;
      readonly machine: string;
      readonly was: string;
      readonly state: string;
    }
  | {
      readonly change: 'vifCame' | 'vifGone';
      readonly host: string;
      readonly machine: string;
      readonly vif: DiscoveredVif;
    }
  | {
      readonly change: 'vifChanged';
      readonly host: string;
      readonly machine: string;
      readonly was: DiscoveredVif;
      readonly vif: DiscoveredVif;
    };

/** A machine where it was seen last. */
interface Seen {
  machine: DiscoveredMachine;
  /** In how many looks at its host it was missing since. */
  missing: number;
  /** Whether it came while another host still had it, which was not told: it is about to move. */
  isMoving: boolean;
}

/**
 * Tells what has changed from one look at a host to the next. A machine that is missing is gone only if the next look at its host
 * misses it, too: by then it may have been seen on another host, and has moved.
 */
export class MachineChanges {
  /** By host, and by what tells machines. */
  readonly #hosts = new Map<string, Map<string, Seen>>();

  /** Takes a look at a host. @returns what has changed; nothing at its first look */
  see({ name: host, machines }: DiscoveredHost): DiscoveredChange[] {
    const before = this.#hosts.get(host);
    const now = new Map(machines.map((machine) => [keyOf(machine), machine] as const));
    const seen = before ?? new Map<string, Seen>();
    this.#hosts.set(host, seen);
    const changes: DiscoveredChange[] = [];
    for (const [key, machine] of now) {
      const last = seen.get(key);
      const arrival = last === undefined && before !== undefined ? this.#arrivalOf(key, host, machine) : [];
      const isMoving = last?.isMoving ?? (before !== undefined && arrival.length === 0);
      seen.set(key, { machine, missing: 0, isMoving });
      changes.push(...arrival, ...(last === undefined ? [] : differences(host, last.machine, machine)));
    }
    for (const [key, last] of seen) {
      if (now.has(key)) continue;
      last.missing++;
      const { name: machine, state } = last.machine;
      const other = this.#destinationOf(key, host);
      if (other !== undefined) changes.push({ change: 'moved', host: other, machine, from: host });
      else if (last.missing > 1) changes.push({ change: 'gone', host, machine, state });
      else continue;
      seen.delete(key);
    }
    return changes;
  }

  /** How a machine came that was not here; nothing is told where another host still has it. */
  #arrivalOf(key: string, host: string, { name: machine, state }: DiscoveredMachine): DiscoveredChange[] {
    const others = [...this.#hosts].filter(([other, seen]) => other !== host && seen.has(key));
    const left = others.find(([, seen]) => (seen.get(key)?.missing ?? 0) > 0);
    if (left !== undefined) {
      left[1].delete(key);
      return [{ change: 'moved', host, machine, from: left[0] }];
    }
    // Two machines may have the same name, but no two the same UUID.
    return others.length > 0 && isUuid(key) ? [] : [{ change: 'came', host, machine, state }];
  }

  /** The host that a machine has moved to before its old host missed it. */
  #destinationOf(key: string, from: string): string | undefined {
    for (const [host, seen] of this.#hosts) {
      const there = seen.get(key);
      if (host === from || there?.isMoving !== true) continue;
      there.isMoving = false;
      return host;
    }
    return undefined;
  }
}

/** What tells machines. */
const keyOf = ({ uuid, name }: DiscoveredMachine): string => (uuid === '' ? `name ${name}` : `uuid ${uuid}`);
const isUuid = (key: string): boolean => key.startsWith('uuid ');

function differences(host: string, was: DiscoveredMachine, now: DiscoveredMachine): DiscoveredChange[] {
  const { name: machine } = now;
  const changes: DiscoveredChange[] = [];
  if (was.state !== now.state)
    changes.push({ change: 'state', host, machine, was: was.state, state: now.state });
  const before = new Map(was.vifs.map((vif) => [vifKey(vif), vif]));
  for (const vif of now.vifs) {
    const last = before.get(vifKey(vif));
    before.delete(vifKey(vif));
    if (last === undefined) changes.push({ change: 'vifCame', host, machine, vif });
    else if (!isSame(last, vif)) changes.push({ change: 'vifChanged', host, machine, was: last, vif });
  }
  for (const vif of before.values()) changes.push({ change: 'vifGone', host, machine, vif });
  return changes;
}

/** An interface has another name each time its machine starts on some platforms, but the same MAC address. */
const vifKey = ({ mac, name }: DiscoveredVif): string => (mac === '' ? name : mac);

const isSame = (a: DiscoveredVif, b: DiscoveredVif): boolean =>
  a.name === b.name && a.bridge === b.bridge && a.obstacle === b.obstacle;
