/** Seconds; the DEFVAL of netemuCfgOwnerTimeout. */
const DEFAULT_TIMEOUT = 60;
/**
 * Milliseconds for which the owner of an ended session is remembered: more than the 150 s for which an authentic
 * message can be on its way (RFC 3414 section 2.2.3).
 */
const LATEST_MESSAGE = 300_000;

/**
 * The configuration session of one manager. It ends by release or by idleness; then `onEnd` puts the
 * candidate back, so that the rows of a dead manager never remain. An owner whose session has ended gets no other one:
 * what still comes from it was on its way for too long.
 */
export class OwnerLock {
  /** Seconds without a SET after which the session ends. */
  timeout = DEFAULT_TIMEOUT;
  #owner = '';
  #timer: NodeJS.Timeout | undefined;
  /** By owner: when its session ended, of performance.now(). */
  readonly #ended = new Map<string, number>();

  constructor(
    private readonly onEnd: () => void,
    private readonly isBusy: () => boolean,
  ) {}

  /** The present owner; empty if there is none. */
  get owner(): string {
    return this.#owner;
  }

  /** Whether `owner` may write: it has the session, or nobody has and it never had one. */
  admits(owner: string): boolean {
    return owner !== '' && (this.#owner === '' ? !this.hasEnded(owner) : this.#owner === owner);
  }

  /** Whether the session of `owner` has ended. */
  hasEnded(owner: string): boolean {
    return this.#ended.has(owner);
  }

  /** Opens or prolongs the session. */
  take(owner: string): void {
    this.#owner = owner;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#expire();
    }, this.timeout * 1000).unref();
  }

  /** Takes back a session that was opened by a SET that is undone: it never was. */
  undo(): void {
    const owner = this.#owner;
    this.release();
    this.#ended.delete(owner);
  }

  /** Ends the session. */
  release(): void {
    clearTimeout(this.#timer);
    if (this.#owner === '') return;
    const now = performance.now();
    for (const [owner, at] of this.#ended) if (now - at > LATEST_MESSAGE) this.#ended.delete(owner);
    this.#ended.set(this.#owner, now);
    this.#owner = '';
    this.onEnd();
  }

  #expire(): void {
    // A commit longer than the timeout is no idleness.
    if (this.isBusy()) this.take(this.#owner);
    else this.release();
  }
}
