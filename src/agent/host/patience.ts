/** Milliseconds that a machine is waited for that may also be missing, and what is left of it in a hurry. */
const [LONG, SHORT] = [10_000, 1000];

interface Wait {
  readonly controller: AbortController;
  readonly since: number;
  timer: NodeJS.Timeout;
}

/** How long machines are waited for: one that hangs must not hold up what has changed meanwhile. */
export class Patience {
  readonly #waits = new Set<Wait>();

  /** @param limit milliseconds for each */
  constructor(private limit = LONG) {}

  /** Milliseconds that each may take from now on. */
  get most(): number {
    return this.limit;
  }

  get isHurried(): boolean {
    return this.limit === SHORT;
  }

  /** Gives up what has taken too long for a hurry, from now on and at once. */
  hurry(): void {
    this.limit = SHORT;
    for (const wait of this.#waits) {
      clearTimeout(wait.timer);
      wait.timer = this.#timerOf(wait);
    }
  }

  /** Does work, and aborts its signal when it has been waited for long enough. */
  async wait<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    const begun = { controller: new AbortController(), since: performance.now() };
    const wait = { ...begun, timer: this.#timerOf(begun) };
    this.#waits.add(wait);
    try {
      return await work(wait.controller.signal);
    } finally {
      clearTimeout(wait.timer);
      this.#waits.delete(wait);
    }
  }

  #timerOf({ controller, since }: Pick<Wait, 'controller' | 'since'>): NodeJS.Timeout {
    return setTimeout(
      () => {
        controller.abort();
      },
      since + this.limit - performance.now(),
    );
  }
}
