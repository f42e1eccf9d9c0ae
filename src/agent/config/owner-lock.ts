/** Seconds; the DEFVAL of netemuCfgOwnerTimeout. */
const DEFAULT_TIMEOUT = 60;

/**
 * The configuration session of one manager. It ends by release or by idleness; then `onEnd` puts the
 * candidate back, so that the rows of a dead manager never remain.
 */
export class OwnerLock {
  /** Seconds without a SET after which the session ends. */
  timeout = DEFAULT_TIMEOUT;
  #owner = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly onEnd: () => void,
    private readonly isBusy: () => boolean,
  ) {}

  /** The present owner; empty if there is none. */
  get owner(): string {
    return this.#owner;
  }

  /** Whether `owner` may write: it has the session, or nobody has. */
  admits(owner: string): boolean {
    return owner !== '' && (this.#owner === '' || this.#owner === owner);
  }

  /** Opens or prolongs the session. */
  take(owner: string): void {
    this.#owner = owner;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#expire();
    }, this.timeout * 1000).unref();
  }

  /** Ends the session. */
  release(): void {
    clearTimeout(this.#timer);
    if (this.#owner === '') return;
    this.#owner = '';
    this.onEnd();
  }

  #expire(): void {
    // A commit longer than the timeout is no idleness.
    if (this.isBusy()) this.take(this.#owner);
    else this.release();
  }
}
