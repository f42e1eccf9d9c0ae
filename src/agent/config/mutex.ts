/** Does pieces of work one after the other, in the order of their coming. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Fulfils when all that has come so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
