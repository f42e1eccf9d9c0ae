import type { Configuration } from '../../mib/configuration.js';
import type { AgentSession } from '../snmp/agent-session.js';
import type { Candidate } from '../snmp/candidate.js';
import type { AgentCommand } from '../snmp/read-commands.js';
import type { HostListener } from './apply-listener.js';
import { ObservedHost } from './observed-host.js';

/** What is wanted of one host. */
export interface Wanted {
  /** Names the host in plans and errors. */
  readonly path: string;
  readonly configuration: Configuration;
  /** Makes the candidate what is wanted. */
  apply(candidate: Candidate): Promise<void>;
}

/** One host under apply: what is wanted, how to speak to it, and how it was. */
export class Participant<W extends Wanted = Wanted> extends ObservedHost {
  /** How many rows were written or removed. */
  rows = 0;
  /** How many differences of the kernel were mended. */
  repaired = 0;
  changed = false;
  /** What the agent's candidate held before anything was written to it: what runs. */
  observed: Configuration | undefined;
  /** What a commit would run, if that was asked for. */
  commands: readonly AgentCommand[] | undefined;

  constructor(
    readonly wanted: W,
    session: AgentSession,
    onStep: HostListener,
  ) {
    super(wanted.path, session, onStep);
  }

  get digest(): Buffer {
    return this.wanted.configuration.digest();
  }
}
