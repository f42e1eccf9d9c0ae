import { isBusyState, type CfgAction, type CfgResult, type CfgState } from '../../mib/cfg-scalars.js';
import type { Configuration } from '../../mib/configuration.js';
import type { Datastore } from './datastore.js';
import type { HostKernel } from './host-kernel.js';
import { shorten } from './shorten.js';
import { ActionFailure, problemsOf, type Problem } from './problem.js';

/** Why an action cannot start now; SNMP's inconsistentValue answers it. */
export type Refusal = 'busy' | 'noDigest' | 'wrongDigest' | 'unconfirmed';

interface Outcome {
  readonly result: CfgResult;
  readonly problems: readonly Problem[];
}

const SUCCESS: Outcome = { result: 'success', problems: [] };

/** Actions that are about one configuration and must name it by its digest. */
const NEEDS_DIGEST: ReadonlySet<CfgAction> = new Set<CfgAction>([
  'validate',
  'commit',
  'confirm',
  'rollback',
]);

/**
 * Runs the actions of netemuCfgAction, one at a time. An action that is done or under way with the same digest
 * succeeds and changes nothing, because SETs are repeated when their answer was lost.
 */
export class Actions {
  action: CfgAction = 'none';
  state: CfgState = 'idle';
  result: CfgResult = 'none';
  problems: readonly Problem[] = [];
  /** Milliseconds that the last action took. */
  lastDuration = 0;
  failures = 0;
  #digest = Buffer.alloc(0);
  /** Whether the running configuration still awaits its confirmation. */
  #unconfirmed = false;
  #current: Promise<void> = Promise.resolve();

  constructor(
    private readonly datastore: Datastore,
    private readonly kernel: HostKernel,
    private readonly releaseOwner: () => void,
  ) {}

  /** What the last action was about; empty if it named nothing. */
  get expectedDigest(): Uint8Array {
    return this.#digest;
  }

  /** The outcome of the last action in words. */
  get resultText(): string {
    const [first] = this.problems;
    if (first !== undefined) {
      const others = this.problems.length - 1;
      return shorten(others === 0 ? first.text : `${first.text} (and ${String(others)} more)`);
    }
    return this.result === 'digestMismatch' ? 'the candidate is not the one that was meant' : '';
  }

  get isBusy(): boolean {
    return isBusyState(this.state);
  }

  /** Fulfils when no action is under way. */
  async settled(): Promise<void> {
    await this.#current;
  }

  /** Why the action cannot start; undefined if it can. */
  refusal(action: CfgAction, digest: Uint8Array): Refusal | undefined {
    if (this.isBusy) return this.#repeats(action, digest) ? undefined : 'busy';
    if (!NEEDS_DIGEST.has(action)) return undefined;
    if (digest.length === 0) return 'noDigest';
    const isRunning = this.datastore.running.digest().equals(digest);
    switch (action) {
      case 'confirm':
        return isRunning ? undefined : 'wrongDigest';
      case 'rollback':
        return isRunning || this.datastore.previous.digest().equals(digest) ? undefined : 'wrongDigest';
      case 'commit':
        return isRunning || !this.#unconfirmed ? undefined : 'unconfirmed';
      default:
        return undefined;
    }
  }

  /** Starts an action that {@link refusal} admits. */
  start(action: CfgAction, digest: Uint8Array): void {
    if (this.isBusy && this.#repeats(action, digest)) return;
    this.action = action;
    this.#digest = Buffer.from(digest);
    this.problems = [];
    const started = performance.now();
    const work = this.#begin(action);
    if (work === undefined) {
      this.#end(SUCCESS, started);
      return;
    }
    this.#current = work.then(
      (outcome) => {
        this.#end(outcome, started);
      },
      (error: unknown) => {
        this.#end(outcomeOf(error), started);
      },
    );
  }

  #repeats(action: CfgAction, digest: Uint8Array): boolean {
    return action === this.action && this.#digest.equals(digest);
  }

  /** Does what takes no time at once, and returns the promise of what does. */
  #begin(action: CfgAction): Promise<Outcome> | undefined {
    const { datastore } = this;
    const isRunning = datastore.running.digest().equals(this.#digest);
    switch (action) {
      case 'validate':
        this.state = 'validating';
        return this.#validate(datastore.candidate.clone());
      case 'commit':
        if (isRunning) return undefined;
        this.state = 'applying';
        return this.#commit(datastore.candidate.clone(), datastore.label);
      case 'rollback':
        if (isRunning) return undefined;
        this.state = 'rollingBack';
        return this.#rollback();
      case 'resync':
        this.state = 'applying';
        return this.#resync();
      case 'confirm':
        this.#unconfirmed = false;
        return undefined;
      case 'discard':
        datastore.discard();
        return undefined;
      case 'clear':
        datastore.clearCandidate();
        return undefined;
      case 'release':
        this.releaseOwner();
        return undefined;
      case 'none':
        return undefined;
    }
  }

  async #validate(candidate: Configuration): Promise<Outcome> {
    if (!candidate.digest().equals(this.#digest)) return { result: 'digestMismatch', problems: [] };
    const problems = await this.kernel.validate(candidate, this.datastore.running);
    return problems.length === 0 ? SUCCESS : { result: 'validationFailed', problems };
  }

  async #commit(candidate: Configuration, label: string): Promise<Outcome> {
    if (!candidate.digest().equals(this.#digest)) return { result: 'digestMismatch', problems: [] };
    await this.kernel.apply(this.datastore.running, candidate);
    this.datastore.commit(candidate, label);
    this.#unconfirmed = true;
    return SUCCESS;
  }

  async #rollback(): Promise<Outcome> {
    const { datastore } = this;
    const { previous, previousLabel } = datastore;
    await this.kernel.apply(datastore.running, previous);
    datastore.commit(previous, previousLabel);
    this.#unconfirmed = false;
    return SUCCESS;
  }

  async #resync(): Promise<Outcome> {
    await this.kernel.apply(this.datastore.running, this.datastore.running);
    return SUCCESS;
  }

  #end(outcome: Outcome, started: number): void {
    this.result = outcome.result;
    this.problems = outcome.problems;
    this.lastDuration = Math.round(performance.now() - started);
    const failed = outcome.result !== 'success';
    if (failed && this.action !== 'validate') this.failures++;
    this.state = this.#unconfirmed ? 'confirmWait' : failed ? 'failed' : 'idle';
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof ActionFailure) {
    return { result: error.result, problems: error.problems };
  }
  // Not expected: say it rather than stop, since the host may be half configured.
  return {
    result: 'applyFailedPartial',
    problems: problemsOf(error),
  };
}
