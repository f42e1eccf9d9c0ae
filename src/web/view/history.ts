/** How many times are kept: ten minutes of seconds. */
const TIMES = 600;
/** How many series are kept at most: with four octets a value, 24 MB. */
const MOST_SERIES = 10_000;

/** Values of the last minutes, in bounded memory: the oldest make room, and series beyond the bound are not kept. */
export class History {
  readonly #times: Float64Array;
  readonly #series = new Map<string, Float32Array>();
  #count = 0;

  constructor(
    private readonly length = TIMES,
    private readonly mostSeries = MOST_SERIES,
  ) {
    this.#times = new Float64Array(length);
  }

  /**
   * Takes what is true at a time. A series that is not named has no value then.
   *
   * @param values in the order in which they are worth to be kept
   */
  add(time: number, values: Iterable<readonly [name: string, value: number | undefined]>): void {
    const at = this.#count % this.length;
    this.#count += 1;
    this.#times[at] = time;
    for (const series of this.#series.values()) series[at] = NaN;
    for (const [name, value] of values) {
      if (value === undefined) continue;
      const series = this.#series.get(name) ?? this.#begin(name);
      if (series !== undefined) series[at] = value;
    }
    // Once in a round: what has had no value for all of it is gone.
    if (at === 0) this.#forgetEmpty();
  }

  /** When values were taken, the oldest first. */
  get times(): number[] {
    return this.#inOrder(this.#times);
  }

  /** The values of a series at {@link times}; null where it has none. */
  of(name: string): (number | null)[] {
    const series = this.#series.get(name);
    const values = series === undefined ? this.times.map(() => NaN) : this.#inOrder(series);
    return values.map((value) => (Number.isNaN(value) ? null : value));
  }

  #begin(name: string): Float32Array | undefined {
    if (this.#series.size >= this.mostSeries) return undefined;
    const series = new Float32Array(this.length).fill(NaN);
    this.#series.set(name, series);
    return series;
  }

  #forgetEmpty(): void {
    for (const [name, series] of this.#series) if (series.every(Number.isNaN)) this.#series.delete(name);
  }

  #inOrder(ring: Float64Array | Float32Array): number[] {
    if (this.#count <= this.length) return [...ring.subarray(0, this.#count)];
    const oldest = this.#count % this.length;
    return [...ring.subarray(oldest), ...ring.subarray(0, oldest)];
  }
}
