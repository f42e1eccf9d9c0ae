import type { AgentSession } from '../snmp/agent-session.js';
import { isConfirmed, isHalfway } from '../snmp/action-outcome.js';
import type { CommitStatus, ExaminedStatus } from '../snmp/agent-status.js';
import type { HostListener } from './apply-listener.js';

/** What an agent says, and where it was asked to examine its kernel how much of that differs. */
type ObservedStatus = CommitStatus & Partial<ExaminedStatus>;

/** One host, what its agent said of it, and the digest of what is wanted of it. */
export abstract class ObservedHost {
  #before: ObservedStatus | undefined;

  constructor(
    /** Names the host in plans and errors. */
    readonly path: string,
    readonly session: AgentSession,
    readonly onStep: HostListener,
  ) {}

  /** NetemuDigest of what is wanted. */
  abstract get digest(): Buffer;

  /** What the agent said last, before anything was done. */
  get before(): ObservedStatus {
    if (this.#before === undefined) throw new Error(`${this.path} was not read`);
    return this.#before;
  }

  set before(status: ObservedStatus) {
    this.#before = status;
  }

  /** In how many places the kernel differs from what the agent runs, where it was examined. */
  get drift(): number {
    return this.before.driftCount ?? 0;
  }

  /**
   * Asks what the host runs; whether its kernel agrees with that is examined only where it is what is wanted.
   *
   * @param patience milliseconds that the agent may be silent
   */
  async look(patience?: number): Promise<void> {
    this.before = await this.session.settled({ patience });
    if (this.runsWanted && !this.isHalfway) this.before = await this.session.examine(patience);
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
    return this.runsWanted && isConfirmed(this.before) && !this.isHalfway && this.drift === 0;
  }
}
