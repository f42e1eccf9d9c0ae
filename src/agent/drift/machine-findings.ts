import type { Drift } from './drift.js';

/** Machines that one examination looks into: each costs a process. */
const ROUND = 32;

/**
 * What was found inside machines, and which of them an examination looks into. There are no events from inside, and to
 * look into all of a thousand each time would be a thousand processes: an examination that nobody asked for looks into
 * some, those first where something is wrong, and the next one goes on from there.
 */
export class MachineFindings {
  #found = new Map<string, readonly Drift[]>();
  /** The last one of the last round. */
  #last = '';

  /**
   * The machines to look into now.
   *
   * @param names all machines
   * @param first those that it is about
   * @param goesOn whether there is also a look at others, where there is room
   */
  choose(names: readonly string[], first: readonly string[], goesOn: boolean): Set<string> {
    const known = new Set(names);
    const due = first.filter((name) => known.has(name));
    const wrong = [...this.wrong].filter((name) => known.has(name));
    const chosen = new Set([...due, ...wrong.slice(0, Math.max(0, ROUND - due.length))]);
    if (!goesOn) return chosen;
    const sorted = [...names].sort();
    const after = sorted.findIndex((name) => name > this.#last);
    const at = after < 0 ? 0 : after;
    for (const name of [...sorted.slice(at), ...sorted.slice(0, at)]) {
      if (chosen.size >= ROUND) break;
      if (!chosen.has(name)) this.#last = name;
      chosen.add(name);
    }
    return chosen;
  }

  /** Takes in what was found; of machines that are no longer named nothing is kept. */
  take(names: readonly string[], found: ReadonlyMap<string, readonly Drift[]>): void {
    const all = new Map([...this.#found, ...found]);
    this.#found = new Map(names.map((name) => [name, all.get(name) ?? []]));
  }

  get drifts(): readonly Drift[] {
    return [...this.#found.values()].flat();
  }

  /** Whether something is wrong in a machine that can be put right. */
  isRepairable(name: string): boolean {
    return this.#found.get(name)?.some(({ repairable }) => repairable) ?? false;
  }

  /** The machines in which something is wrong. */
  get wrong(): Set<string> {
    return new Set([...this.#found].filter(([, drifts]) => drifts.length > 0).map(([name]) => name));
  }
}
