/** Does pieces of work one after the other, in the order of their coming. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  #turn = 0;

  /** Odd while work is done; another number whenever some begins or ends. */
  get turn(): number {
    return this.#turn;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(async () => {
      this.#turn++;
      try {
        return await work();
      } finally {
        this.#turn++;
      }
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Fulfils when all that has come so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
