/** Finds out from readings of counters when they began anew (RFC 2578 section 7.1.6). */
export class Discontinuities {
  readonly #last = new Map<string, readonly bigint[]>();
  readonly #times = new Map<string, number>();

  /**
   * Takes a reading.
   *
   * @param counters undefined if there are none at present: those that come next are others
   * @param now sysUpTime
   * @returns sysUpTime of the reading that found them begun anew; 0 if none has
   */
  of(key: string, counters: readonly bigint[] | undefined, now: number): number {
    const last = this.#last.get(key);
    const isAnew =
      last !== undefined &&
      (counters === undefined
        ? last.length > 0
        : last.length === 0 || counters.some((counter, i) => counter < (last[i] ?? 0n)));
    if (isAnew) this.#times.set(key, now);
    this.#last.set(key, counters ?? []);
    return this.#times.get(key) ?? 0;
  }

  /** Forgets all others. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#last.keys()) if (!keys.has(key)) this.#last.delete(key);
    for (const key of this.#times.keys()) if (!keys.has(key)) this.#times.delete(key);
  }
}
