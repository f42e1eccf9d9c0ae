import type { AgentSession } from '../snmp/agent-session.js';
import { isConfirmed, isHalfway } from '../snmp/action-outcome.js';
import type { ExaminedStatus } from '../snmp/agent-status.js';
import type { HostListener } from './apply-listener.js';

/** One host, what its agent said of it, and the digest of what is wanted of it. */
export abstract class ObservedHost {
  #before: ExaminedStatus | undefined;

  constructor(
    /** Names the host in plans and errors. */
    readonly path: string,
    readonly session: AgentSession,
    readonly onStep: HostListener,
  ) {}

  /** NetemuDigest of what is wanted. */
  abstract get digest(): Buffer;

  /** What the agent said last, before anything was done. */
  get before(): ExaminedStatus {
    if (this.#before === undefined) throw new Error(`${this.path} was not read`);
    return this.#before;
  }

  set before(status: ExaminedStatus) {
    this.#before = status;
  }

  /** Whether the host runs what is wanted, be it for good or not. */
  get runsWanted(): boolean {
    return this.digest.equals(this.before.runningDigest);
  }

  /** Whether nobody decided yet about what the host runs. */
  get isUnconfirmed(): boolean {
    return this.before.state === 'confirmWait';
  }

  /**
   * Whether the host has gone back from a commit that nobody confirmed, and nobody has agreed to that yet: who had
   * committed may come back and do it again.
   */
  get isUnsettled(): boolean {
    return !this.isUnconfirmed && !isConfirmed(this.before);
  }

  /** Whether the host stands between two configurations, since a tool failed it on the way there and back. */
  get isHalfway(): boolean {
    return isHalfway(this.before);
  }

  /**
   * Whether nothing is to do. A host whose last action failed and was undone runs what it ran before, so that failure
   * is none of an apply's business.
   */
  get isDone(): boolean {
    return this.runsWanted && isConfirmed(this.before) && !this.isHalfway && this.before.driftCount === 0;
  }
}
