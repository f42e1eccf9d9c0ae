import { messageOf, NetmgrError } from '../../errors.js';
import { SNMP_TRAP_OID } from '../../mib/objects.js';
import type { Oid, VarBind } from '../../mib/value.js';
import { AgentxSession, type AgentxSessionOptions } from './agentx-session.js';
import { MasterClock } from './master-clock.js';
import { CLOSE_REASONS } from './pdu.js';

export interface SubagentOptions extends AgentxSessionOptions {
  /** Milliseconds between signs of life asked of the master. Default: 15,000. */
  readonly pingInterval?: number;
  /** A session stands and all subtrees are registered, the first or another time. */
  readonly onConnected?: () => void;
  /** A session was lost or could not be made; the next attempt follows by itself. */
  readonly onDisconnected?: (reason: NetmgrError) => void;
}

const FIRST_DELAY = 100;
const LAST_DELAY = 2_000;
const DEFAULT_PING_INTERVAL = 15_000;

/**
 * An AgentX subagent (RFC 2741) that keeps a session with its master: opened at once, and again whenever it
 * was lost, until {@link close}.
 */
export class Subagent {
  readonly #clock = new MasterClock();
  #session: AgentxSession | undefined;
  #delay = FIRST_DELAY;
  #timer: NodeJS.Timeout | undefined;
  #lastReason: NetmgrError | undefined;
  #isConnected = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly options: SubagentOptions) {
    this.#open();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /**
   * Waits until a session stands, for at most `timeout` milliseconds, or however long that takes.
   *
   * @throws NetmgrError `Unreachable`, with the last reason as its cause.
   */
  async connected(timeout?: number): Promise<void> {
    if (this.#isConnected) return;
    await new Promise<void>((resolve, reject) => {
      if (timeout === undefined) {
        this.#waiting.push(resolve);
        return;
      }
      const timer = setTimeout(() => {
        const why = this.#lastReason === undefined ? '' : `: ${this.#lastReason.message}`;
        reject(
          new NetmgrError({
            kind: 'Unreachable',
            message: `no session with the AgentX master${why}`,
            subject: this.options.socketPath,
            cause: this.#lastReason,
          }),
        );
      }, timeout);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The master's sysUpTime in hundredths of a second, for TimeStamp values; 0 before the first session. */
  sysUpTime(): number {
    return this.#clock.now();
  }

  /**
   * Has the master send a notification; fulfils when the master took it, not when anybody received it.
   *
   * @throws NetmgrError `Unreachable` without a session, `Rejected` if the master refuses it.
   */
  async notify(trapOid: Oid, varBinds: readonly VarBind[]): Promise<void> {
    if (this.#session === undefined || !this.#isConnected) {
      throw new NetmgrError({
        kind: 'Unreachable',
        message: 'no session with the AgentX master to send a notification through',
        subject: this.options.socketPath,
        cause: this.#lastReason,
      });
    }
    await this.#session.notify([
      { oid: SNMP_TRAP_OID, value: { type: 'ObjectIdentifier', value: trapOid } },
      ...varBinds,
    ]);
  }

  /** Ends the session and makes no other. Neither callback is called any more. */
  close(): void {
    this.#isClosed = true;
    this.#isConnected = false;
    clearTimeout(this.#timer);
    this.#session?.close(new NetmgrError({ kind: 'Unreachable', message: 'the subagent was closed' }));
  }

  #open(): void {
    const session = new AgentxSession(this.options, this.#clock, (reason) => {
      this.#disconnected(reason);
    });
    this.#session = session;
    session.open().then(
      () => {
        this.#connected(session);
      },
      (error: unknown) => {
        session.close(asNetmgrError(error), CLOSE_REASONS.other);
      },
    );
  }

  #connected(session: AgentxSession): void {
    if (this.#isClosed) return;
    this.#isConnected = true;
    this.#delay = FIRST_DELAY;
    this.#schedulePing(session);
    for (const tell of this.#waiting.splice(0)) tell();
    this.options.onConnected?.();
  }

  #disconnected(reason: NetmgrError): void {
    this.#isConnected = false;
    this.#lastReason = reason;
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#open();
    }, this.#delay);
    this.#delay = Math.min(2 * this.#delay, LAST_DELAY);
    this.options.onDisconnected?.(reason);
  }

  #schedulePing(session: AgentxSession): void {
    this.#timer = setTimeout(() => {
      session.ping().then(
        () => {
          if (this.#session === session && this.#isConnected) this.#schedulePing(session);
        },
        (error: unknown) => {
          session.close(asNetmgrError(error), CLOSE_REASONS.timeouts);
        },
      );
    }, this.options.pingInterval ?? DEFAULT_PING_INTERVAL);
  }
}

function asNetmgrError(thrown: unknown): NetmgrError {
  return thrown instanceof NetmgrError
    ? thrown
    : new NetmgrError({ kind: 'Bug', message: messageOf(thrown), cause: thrown });
}
