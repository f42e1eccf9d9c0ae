import { NetmgrError } from '../../errors.js';
import { cfgScalars, type CfgAction } from '../../mib/cfg-scalars.js';
import type { Configuration } from '../../mib/configuration.js';
import { instanceOf } from '../../mib/scalar.js';
import type { VarBind } from '../../mib/value.js';
import { actionError } from './action-errors.js';
import { actionOutcome } from './action-outcome.js';
import type { CommitStatus, ExaminedStatus } from './agent-status.js';
import { Candidate, type WriteListener } from './candidate.js';
import { heldBy } from './held-by.js';
import { readCandidate } from './read-candidate.js';
import { PATIENCE, readExamined, readRunning, readSettled, type Settling } from './read-patiently.js';
import { isPassing } from './snmp-error.js';
import type { SnmpSession } from './snmp-session.js';

/** How often a SET is sent whose effect does not show. */
const ATTEMPTS = 3;

const { scalars } = cfgScalars;
const NO_DIGEST = new Uint8Array();

/** What a configuration session begins with. */
export interface SessionSettings {
  /** The name of what is to be committed, for people. */
  readonly label: string;
  /** Seconds of silence after which the agent ends the session. */
  readonly ownerTimeout: number;
  /** Whether root qdiscs of others may be replaced. */
  readonly takeOver: boolean;
}

/**
 * The netemuCfg conversation with one agent. It holds while messages get lost, come twice or late, and while the agent
 * is restarted: what a SET has done is judged by the agent's state, not by its answer.
 */
export class AgentSession {
  #owner: string;
  #isOpen = false;
  #lastSet = 0;

  /** @param newOwner makes a name that no session had before: an agent refuses one that has released */
  constructor(
    readonly snmp: SnmpSession,
    private readonly newOwner: () => string,
  ) {
    this.#owner = newOwner();
  }

  get hostName(): string {
    return this.snmp.agent.host;
  }

  /** The name under which the agent knows this session. */
  get owner(): string {
    return this.#owner;
  }

  /** The status once the agent is not busy. */
  settled(settling: Settling = {}): Promise<CommitStatus> {
    return readSettled(this.snmp, settling);
  }

  /**
   * The same, with what the agent finds when it examines its kernel.
   *
   * @param patience milliseconds that the agent may be silent
   */
  examine(patience = PATIENCE): Promise<ExaminedStatus> {
    return readExamined(this.snmp, patience);
  }

  /**
   * NetemuDigest of what the agent runs.
   *
   * @param patience milliseconds that the agent may be silent
   */
  runningDigest(patience: number): Promise<Uint8Array> {
    return readRunning(this.snmp, patience);
  }

  /**
   * Opens a configuration session: the candidate is then a copy of what runs.
   *
   * @returns the owner who has one instead
   */
  async open({ label, ownerTimeout, takeOver }: SessionSettings): Promise<string | undefined> {
    const settings = [
      { oid: instanceOf(scalars.label), value: scalars.label.syntax.encode(label) },
      { oid: instanceOf(scalars.ownerTimeout), value: scalars.ownerTimeout.syntax.encode(ownerTimeout) },
      ...(takeOver
        ? [{ oid: instanceOf(scalars.takeOver), value: scalars.takeOver.syntax.encode(true) }]
        : []),
    ];
    let failure: NetmgrError | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      failure = await this.#trySet(settings);
      if (failure === undefined) return undefined;
      const { owner } = await this.settled();
      if (owner === this.#owner) return undefined;
      this.#isOpen = false;
      if (owner !== '') return owner;
      this.#renewIfRefused(failure);
    }
    throw failure ?? this.#wouldNot('open a session');
  }

  /** Goes on with the open session of a manager that is no more. */
  continueAs(owner: string): void {
    this.#owner = owner;
    this.#isOpen = true;
  }

  /** The candidate, to be changed. @param wanted what it is to become */
  async candidate(wanted: Configuration, onWritten?: WriteListener): Promise<Candidate> {
    const observed = await readCandidate(this.snmp, wanted);
    return new Candidate(observed, (edit) => this.#edit(edit), onWritten);
  }

  /**
   * Has the agent do something about the configuration of that digest, and waits for the end.
   *
   * @param confirmTimeout seconds after which a commit is taken back unless it is confirmed
   * @param onProgress hears, again and again, how much of it is done
   * @throws ApplyError with what the agent lists in netemuErrorTable
   */
  async act(
    action: CfgAction,
    digest: Uint8Array = NO_DIGEST,
    confirmTimeout?: number,
    onProgress?: (percent: number) => void,
  ): Promise<void> {
    const { confirmTimeout: timeout, expectedDigest } = scalars;
    let failure: NetmgrError | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      failure = await this.#trySet([
        ...(confirmTimeout === undefined
          ? []
          : [{ oid: instanceOf(timeout), value: timeout.syntax.encode(confirmTimeout) }]),
        { oid: instanceOf(expectedDigest), value: expectedDigest.syntax.encode(digest) },
        { oid: instanceOf(scalars.action), value: scalars.action.syntax.encode(action) },
      ]);
      const status = await this.settled({ onProgress });
      const outcome = actionOutcome(action, digest, status);
      if (outcome === 'done') return;
      // Without an answer the failure may be that of an earlier attempt.
      const isOurs = failure === undefined || attempt === ATTEMPTS;
      if (outcome === 'failed' && isOurs) throw await actionError(this.snmp, action, status);
      if (status.owner === '') this.#renewIfRefused(failure);
      else if (status.owner !== this.#owner) throw heldBy(status.owner, this.hostName);
    }
    throw failure ?? this.#wouldNot(action);
  }

  /** Prolongs the session if nothing was written for so many milliseconds; the agent would end it. */
  async keep(idle: number): Promise<void> {
    if (this.#isOpen && performance.now() - this.#lastSet > idle) await this.#trySet([]);
  }

  /** Ends the configuration session; what was not committed is dropped. The next one has another name. */
  async release(): Promise<void> {
    if (!this.#isOpen) return;
    const released = this.#set([
      { oid: instanceOf(scalars.action), value: scalars.action.syntax.encode('release') },
    ]);
    this.#isOpen = false;
    this.#owner = this.newOwner();
    await released;
  }

  close(): void {
    this.snmp.close();
  }

  /** An edit changes nothing when it comes again, so it does where snmpd lost the agent in the middle of it. */
  async #edit(edit: Uint8Array): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#set([{ oid: instanceOf(scalars.edit), value: scalars.edit.syntax.encode(edit) }]);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !isPassing(error)) throw error;
        // With the session the rows of earlier SETs would be gone.
        const { owner } = await this.settled();
        if (owner !== this.#owner) throw error;
      }
    }
  }

  /** Answers with the failure of the SET, which tells little, unless we are not allowed to write at all. */
  async #trySet(varBinds: readonly VarBind[]): Promise<NetmgrError | undefined> {
    try {
      await this.#set(varBinds);
      return undefined;
    } catch (error) {
      if (!(error instanceof NetmgrError) || error.kind === 'AccessDenied') throw error;
      return error;
    }
  }

  /** An agent admits nobody again whose session it has ended, as it does after long silence. */
  #renewIfRefused(failure: NetmgrError | undefined): void {
    if (failure?.kind === 'Rejected') this.#owner = this.newOwner();
  }

  #wouldNot(what: string): NetmgrError {
    return new NetmgrError({
      kind: 'NotApplied',
      message: `the agent was asked to ${what} and did not`,
      subject: this.hostName,
      hint: 'It may have been started again meanwhile: repeat the command.',
    });
  }

  #set(varBinds: readonly VarBind[]): Promise<void> {
    this.#isOpen = true;
    this.#lastSet = performance.now();
    return this.snmp.set([
      { oid: instanceOf(scalars.owner), value: scalars.owner.syntax.encode(this.#owner) },
      ...varBinds,
    ]);
  }
}
