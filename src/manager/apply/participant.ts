import type { Configuration } from '../../mib/configuration.js';
import { isConfirmed, isHalfway } from '../snmp/action-outcome.js';
import type { AgentSession } from '../snmp/agent-session.js';
import type { ExaminedStatus } from '../snmp/agent-status.js';
import type { Candidate } from '../snmp/candidate.js';
import type { AgentCommand } from '../snmp/read-commands.js';
import type { HostListener } from './apply-listener.js';

/** What is wanted of one host. */
export interface Wanted {
  /** Names the host in plans and errors. */
  readonly path: string;
  readonly configuration: Configuration;
  /** Makes the candidate what is wanted. */
  apply(candidate: Candidate): Promise<void>;
}

/** One host under apply: what is wanted, how to speak to it, and how it was. */
export class Participant<W extends Wanted = Wanted> {
  /** How many rows were written or removed. */
  rows = 0;
  /** How many differences of the kernel were mended. */
  repaired = 0;
  changed = false;
  /** What the agent's candidate held before anything was written to it: what runs. */
  observed: Configuration | undefined;
  /** What a commit would run, if that was asked for. */
  commands: readonly AgentCommand[] | undefined;
  #before: ExaminedStatus | undefined;

  constructor(
    readonly wanted: W,
    readonly session: AgentSession,
    readonly onStep: HostListener,
  ) {}

  get path(): string {
    return this.wanted.path;
  }

  get digest(): Buffer {
    return this.wanted.configuration.digest();
  }

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
