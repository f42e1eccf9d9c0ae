/** Milliseconds that a reading of the kernel answers for at least: a walk then costs one, not one per row. */
const FRESH = 1000;
/** A reading answers for so many times as long as it took, so that no walk keeps the agent from its work. */
const REST = 4;

/** Reads the kernel when asked, and not again for a while. */
export class Reading {
  #freshUntil = Number.NEGATIVE_INFINITY;
  #of: string | undefined;
  #now: Promise<void> | undefined;

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
    if (performance.now() < this.#freshUntil && this.#of === of) return;
    this.#now ??= this.#once(of).finally(() => {
      this.#now = undefined;
    });
    await this.#now;
  }

  async #once(of: string): Promise<void> {
    const begun = performance.now();
    try {
      await this.read();
    } catch (error) {
      this.forget(error);
    }
    const ended = performance.now();
    this.#of = of;
    this.#freshUntil = ended + Math.max(FRESH, (ended - begun) * REST);
  }
}
