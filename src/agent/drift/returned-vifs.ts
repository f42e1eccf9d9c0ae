import type { VifRow } from '../../mib/vif-table.js';
import type { Link } from '../kernel/ip/links.js';

/**
 * The vifs that went away and came back, as they do when their machine is started again, and do not have all of their
 * configuration yet. A new interface has a new number (ip-link(8)); one that was moved away and back keeps it, but then
 * the kernel has told of its going.
 */
export class ReturnedVifs {
  /** The interface number of each vif at the last look; undefined while it is away. */
  #known = new Map<string, number | undefined>();
  readonly #gone = new Set<string>();
  /** Since when, of performance.now(). */
  readonly #waiting = new Map<string, number>();

  /** The kernel tells that an interface went away. */
  gone(device: string): void {
    if (this.#known.has(device)) this.#gone.add(device);
  }

  /** Takes in which vifs are there. A vif that was never looked at before has not returned. */
  look(rows: readonly VifRow[], links: ReadonlyMap<string, Link>): void {
    const known = new Map<string, number | undefined>();
    for (const { vif } of rows) {
      const ifindex = links.get(vif)?.ifindex;
      known.set(vif, ifindex);
      const isNew = ifindex !== this.#known.get(vif) || this.#gone.has(vif);
      if (ifindex === undefined) this.#waiting.delete(vif);
      else if (this.#known.has(vif) && isNew) this.#waiting.set(vif, performance.now());
    }
    for (const vif of this.#waiting.keys()) if (!known.has(vif)) this.#waiting.delete(vif);
    this.#gone.clear();
    this.#known = known;
  }

  /** The vif has all that belongs to it. */
  settle(vif: string): void {
    this.#waiting.delete(vif);
  }

  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Milliseconds since the last of those that wait came back; undefined if none waits. */
  get waitingFor(): number | undefined {
    if (this.#waiting.size === 0) return undefined;
    return performance.now() - Math.max(...this.#waiting.values());
  }
}
