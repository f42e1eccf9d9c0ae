import { setTimeout as sleep } from 'node:timers/promises';

/** Lets things begin one after the other, so many milliseconds apart at least. */
export class Pace {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly interval: number) {}

  /** Fulfils when it is one's turn. */
  async turn(): Promise<void> {
    if (this.interval === 0) return;
    const before = this.#last;
    this.#last = before.then(() => sleep(this.interval));
    await before;
  }
}
