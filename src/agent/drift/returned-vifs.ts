/** The interface of the host that a vif is. */
export interface VifInterface {
  readonly device: string;
  readonly ifindex: number;
}

/**
 * The vifs that went away and came back, as they do when their machine is started again, or whose machine has started by itself,
 * and do not have all of their configuration yet. A new interface has a new number (ip-link(8)); one that was moved away and back keeps it, but then
 * the kernel has told of its going.
 */
export class ReturnedVifs {
  /** The interface of each vif at the last look; undefined while it is away. */
  #known = new Map<string, VifInterface | undefined>();
  readonly #gone = new Set<string>();
  /** Since when, of performance.now(). */
  readonly #waiting = new Map<string, number>();

  /** The kernel tells that an interface went away. */
  gone(device: string): void {
    if ([...this.#known.values()].some((known) => known?.device === device)) this.#gone.add(device);
  }

  /** Takes in which vifs are there, and as what. A vif that was never looked at before has not returned. */
  look(vifs: ReadonlyMap<string, VifInterface | undefined>): void {
    const known = new Map<string, VifInterface | undefined>();
    for (const [vif, found] of vifs) {
      known.set(vif, found);
      const isNew = found?.ifindex !== this.#known.get(vif)?.ifindex || this.#gone.has(found?.device ?? '');
      if (found === undefined) this.#waiting.delete(vif);
      else if (this.#known.has(vif) && isNew) this.#waiting.set(vif, performance.now());
    }
    for (const vif of this.#waiting.keys()) if (!known.has(vif)) this.#waiting.delete(vif);
    this.#gone.clear();
    this.#known = known;
  }

  /** The machine of a vif may have lost what it had inside; a vif that is not here is told of when it comes. */
  inDoubt(vif: string): void {
    if (this.#known.get(vif) !== undefined) this.#waiting.set(vif, performance.now());
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
