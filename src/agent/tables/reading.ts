/** Milliseconds that a reading of the kernel answers for at least: a walk then costs one, not one per row. */
const FRESH = 1000;
/** A reading answers for so many times as long as it took, so that no walk keeps the agent from its work. */
const REST = 4;

/** Reads the kernel when asked, and not again for a while. */
export class Reading {
  #freshUntil = Number.NEGATIVE_INFINITY;
  #of: string | undefined;
  /** What is under way. */
  #now: { readonly of: string; readonly done: Promise<void> } | undefined;

  /**
   * @param read what reads, and keeps what it found
   * @param forget hears why that failed: what was found before says nothing any more
   */
  constructor(
    private readonly read: () => Promise<void>,
    private readonly forget: (error: unknown) => void,
  ) {}

  /** Reads, unless that was done a moment ago. @param of what it is of: a reading of something else is of no use */
  async refresh(of: string): Promise<void> {
    if (this.#now !== undefined && this.#now.of !== of) await this.#now.done;
    if (performance.now() < this.#freshUntil && this.#of === of) return;
    this.#now ??= { of, done: this.#once(of) };
    await this.#now.done;
  }

  async #once(of: string): Promise<void> {
    const begun = performance.now();
    let rest = 0;
    try {
      await this.read();
      rest = (performance.now() - begun) * REST;
    } catch (error) {
      this.forget(error);
    }
    this.#of = of;
    this.#freshUntil = performance.now() + Math.max(FRESH, rest);
    this.#now = undefined;
  }
}
