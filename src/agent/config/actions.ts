import { isBusyState, type CfgAction, type CfgResult, type CfgState } from '../../mib/cfg-scalars.js';
import type { LastAction } from '../store/agent-state.js';
import type { Commits } from './commits.js';
import type { Datastore } from './datastore.js';
import type { HostKernel } from './host-kernel.js';
import type { Mutex } from './mutex.js';
import { ActionFailure, problemsOf, type Problem } from './problem.js';
import { shorten } from './shorten.js';

/** Why an action cannot start now; SNMP's inconsistentValue answers it. */
export type Refusal = 'busy' | 'noDigest' | 'wrongDigest' | 'unconfirmed';

/** Actions that are about one configuration and must name it by its digest. */
const NEEDS_DIGEST: ReadonlySet<CfgAction> = new Set<CfgAction>([
  'validate',
  'commit',
  'confirm',
  'rollback',
]);

/** Milliseconds between two attempts to lead a host back from half-way. */
const FIRST_ATTEMPT = 1000;
const SLOWEST_ATTEMPT = 30_000;
/** Milliseconds between two looks at the deadline: a suspended host's timers stand still, its deadline does not. */
const LOOK = 1000;

export interface ActionsOptions {
  readonly datastore: Datastore;
  readonly commits: Commits;
  readonly kernel: HostKernel;
  /** Held by whoever changes the host. */
  readonly mutex: Mutex;
  readonly releaseOwner: () => void;
  /** Hears of the end of each action. */
  readonly onEnd?: (action: CfgAction, result: CfgResult) => void;
}

/**
 * Runs the actions of netemuCfgAction, one at a time. An action that is done or under way with the same digest
 * succeeds and changes nothing, because SETs are repeated when their answer was lost.
 */
export class Actions {
  /** Seconds; of the session, and so 0 when it ends. */
  confirmTimeout = 0;
  /** Of the session too. */
  takeOver = false;
  problems: readonly Problem[] = [];
  /** Milliseconds that the last action took. */
  lastDuration = 0;
  failures = 0;
  #action: CfgAction = 'none';
  #digest = Buffer.alloc(0);
  /** What is under way; undefined if nothing is. */
  #working: CfgState | undefined;
  #current: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** performance.now() of the deadline, for those who ask in between. */
  #deadline: number | undefined;

  constructor(private readonly options: ActionsOptions) {}

  get action(): CfgAction {
    return this.#action;
  }

  /** What the last action was about; empty if it named nothing. */
  get expectedDigest(): Uint8Array {
    return this.#digest;
  }

  get state(): CfgState {
    const { commits } = this.options;
    if (this.#working !== undefined) return this.#working;
    if (commits.phase.name === 'confirmWait') return 'confirmWait';
    return commits.isHalfway || !['success', 'none'].includes(this.result) ? 'failed' : 'idle';
  }

  /** How the last action ended; whatever that was, a host that stands half-way says so. */
  get result(): CfgResult {
    if (this.#working !== undefined) return 'none';
    const { commits } = this.options;
    return commits.isHalfway ? 'applyFailedPartial' : commits.last.result;
  }

  /** The outcome of the last action in words. */
  get resultText(): string {
    const [first] = this.problems;
    if (first !== undefined) {
      const others = this.problems.length - 1;
      return shorten(others === 0 ? first.text : `${first.text} (and ${String(others)} more)`);
    }
    return WORDS[this.result] ?? '';
  }

  /** Seconds until the running configuration is rolled back; 0 if no deadline runs. */
  get confirmRemaining(): number {
    if (this.state !== 'confirmWait' || this.#deadline === undefined) return 0;
    return Math.max(1, Math.ceil((this.#deadline - performance.now()) / 1000));
  }

  get isBusy(): boolean {
    return isBusyState(this.state);
  }

  /** Percent of what is under way; 100 if nothing is. */
  get progress(): number {
    return this.isBusy ? (this.options.kernel.progress ?? 0) : 100;
  }

  /** Fulfils when no action is under way. */
  async settled(): Promise<void> {
    await this.#current;
  }

  /** Finishes what an earlier life of the agent left; what fails is tried again later. */
  async recover(): Promise<void> {
    const { last } = this.options.commits;
    this.#action = last.action;
    this.#digest = Buffer.from(last.digest, 'hex');
    await this.#recover(FIRST_ATTEMPT);
  }

  /** Forgets what a session has set. */
  endSession(): void {
    this.confirmTimeout = 0;
    this.takeOver = false;
  }

  /** Ends what would keep the process alive. */
  close(): void {
    clearTimeout(this.#timer);
    this.options.commits.close();
  }

  /** Why the action cannot start; undefined if it can. */
  refusal(action: CfgAction, digest: Uint8Array): Refusal | undefined {
    if (this.isBusy) return this.#repeats(action, digest) ? undefined : 'busy';
    if (!NEEDS_DIGEST.has(action)) return undefined;
    if (digest.length === 0) return 'noDigest';
    const { datastore, commits } = this.options;
    const isRunning = datastore.running.configuration.digest().equals(digest);
    switch (action) {
      case 'confirm':
        // On its way back there is nothing to be kept.
        return isRunning && !commits.isHalfway ? undefined : 'wrongDigest';
      case 'rollback':
        if (isRunning && commits.phase.name === 'rollingBack') return 'wrongDigest';
        return isRunning || datastore.previous.configuration.digest().equals(digest)
          ? undefined
          : 'wrongDigest';
      case 'commit':
        return isRunning || commits.phase.name !== 'confirmWait' ? undefined : 'unconfirmed';
      default:
        return undefined;
    }
  }

  /** Starts an action that {@link refusal} admits. */
  start(action: CfgAction, digest: Uint8Array): void {
    if (this.isBusy && this.#repeats(action, digest)) return;
    const { datastore, commits, releaseOwner } = this.options;
    const last = { action, digest: Buffer.from(digest).toString('hex') };
    const isRunning = datastore.running.configuration.digest().equals(digest);
    switch (action) {
      case 'validate':
        this.#run(last, 'validating', () => this.#validate(last));
        return;
      case 'commit':
        if (isRunning && !commits.isHalfway) this.#done(last);
        else this.#run(last, 'applying', () => this.#commit(last));
        return;
      case 'confirm':
        this.#run(last, 'applying', () => commits.confirm(last));
        return;
      case 'rollback':
        // A commit of the same candidate that comes late must find nothing to commit.
        if (isRunning && !commits.isHalfway) this.#done(last);
        else this.#run(last, 'rollingBack', () => this.#rollBack(last));
        return;
      case 'resync':
        this.#run(last, 'applying', () => commits.resync(last, { takeOver: this.takeOver }));
        return;
      case 'discard':
        datastore.discard();
        break;
      case 'clear':
        datastore.clearCandidate();
        break;
      case 'release':
        releaseOwner();
        break;
      case 'none':
    }
    this.#done(last);
  }

  #repeats(action: CfgAction, digest: Uint8Array): boolean {
    return action === this.#action && this.#digest.equals(digest);
  }

  /** Records an action that took no time. It hides no failure that the host still suffers from. */
  #done(last: Omit<LastAction, 'result'>): void {
    this.#begin(last);
    if (!this.options.commits.isHalfway) this.options.commits.last = { ...last, result: 'success' };
  }

  #begin({ action, digest }: Omit<LastAction, 'result'>): void {
    this.#action = action;
    this.#digest = Buffer.from(digest, 'hex');
    this.problems = [];
  }

  #run(last: Omit<LastAction, 'result'>, state: CfgState, work: () => Promise<void>): void {
    const { commits, mutex, onEnd } = this.options;
    this.#begin(last);
    this.#working = state;
    clearTimeout(this.#timer);
    const started = performance.now();
    this.#current = mutex
      .run(work)
      .catch((error: unknown) => {
        this.#fail(last, error);
      })
      .then(async () => {
        this.lastDuration = Math.round(performance.now() - started);
        this.#working = undefined;
        await this.#watch();
        onEnd?.(last.action, commits.last.result);
      });
  }

  #fail(last: Omit<LastAction, 'result'>, error: unknown): void {
    const { commits } = this.options;
    // What is not expected is said rather than the end of us, since the host may be half configured.
    const failure =
      error instanceof ActionFailure ? error : new ActionFailure(problemsOf(error), 'applyFailedPartial');
    this.problems = failure.problems;
    commits.last = { ...last, result: failure.result };
    if (last.action !== 'validate') this.failures++;
  }

  async #validate(last: Omit<LastAction, 'result'>): Promise<void> {
    const { datastore, kernel, commits } = this.options;
    // The copy knows the digest then, and so does who asks for that of the candidate.
    if (!this.#isMeant(datastore.candidate.digest(), last)) return;
    const candidate = datastore.candidate.clone();
    const { takeOver } = this;
    const problems = await kernel
      .validate(candidate, datastore.running.configuration, { takeOver })
      .catch((error: unknown) => {
        // Nothing was touched, whatever it is.
        throw new ActionFailure(problemsOf(error), 'validationFailed', error);
      });
    if (problems.length > 0) throw new ActionFailure(problems, 'validationFailed');
    commits.last = { ...last, result: 'success' };
  }

  async #commit(last: Omit<LastAction, 'result'>): Promise<void> {
    const { datastore, commits } = this.options;
    // A commit begins at what runs here; half-way between two configurations neither does.
    if (commits.isHalfway) await commits.recover();
    if (!this.#isMeant(datastore.candidate.digest(), last)) return;
    const configuration = datastore.candidate.clone();
    const { label } = datastore;
    const { confirmTimeout, takeOver } = this;
    await commits.commit({ configuration, label }, last, { confirmTimeout, takeOver });
  }

  async #rollBack(last: Omit<LastAction, 'result'>): Promise<void> {
    const { datastore, commits } = this.options;
    // What was half committed goes back to what runs, and that may be all that is wanted.
    if (commits.phase.name === 'applying') await commits.recover();
    if (datastore.running.configuration.digest().toString('hex') === last.digest)
      commits.last = { ...last, result: 'success' };
    else await commits.rollBack(last, false);
    datastore.discard();
  }

  #isMeant(digest: Buffer, last: Omit<LastAction, 'result'>): boolean {
    if (digest.toString('hex') === last.digest) return true;
    this.options.commits.last = { ...last, result: 'digestMismatch' };
    return false;
  }

  /**
   * Looks again when something is to be done without being asked: at a deadline, half-way, or where the start could not
   * make what runs.
   */
  async #watch(attempt = FIRST_ATTEMPT, isMissing = false): Promise<void> {
    const { commits } = this.options;
    clearTimeout(this.#timer);
    if (commits.isHalfway || (isMissing && commits.phase.name === 'idle')) {
      this.#timer = setTimeout(() => void this.#recover(Math.min(attempt * 2, SLOWEST_ATTEMPT)), attempt);
      return;
    }
    const remaining = await commits.remaining();
    this.#deadline = remaining === undefined ? undefined : performance.now() + remaining * 1000;
    if (remaining === undefined || this.#working !== undefined) return;
    if (remaining > 0) {
      this.#timer = setTimeout(() => void this.#watch(), Math.min(remaining * 1000, LOOK));
      return;
    }
    const digest = this.options.datastore.previous.configuration.digest().toString('hex');
    const last = { action: 'rollback', digest } as const;
    this.#run(last, 'rollingBack', () => commits.rollBack(last, true));
  }

  async #recover(attempt: number): Promise<void> {
    const { commits, mutex, onEnd } = this.options;
    if (this.#working !== undefined) return;
    const { action } = commits.last;
    this.#working = commits.phase.name === 'rollingBack' ? 'rollingBack' : 'applying';
    let isMissing = false;
    this.#current = mutex
      .run(() => commits.recover())
      .then(
        () => {
          this.problems = [];
        },
        (error: unknown) => {
          this.problems = problemsOf(error);
          isMissing = true;
        },
      )
      .then(async () => {
        this.#working = undefined;
        await this.#watch(attempt, isMissing);
        onEnd?.(action, commits.last.result);
      });
    await this.#current;
  }
}

/** What results mean that come without the words of a tool. */
const WORDS: Partial<Record<CfgResult, string>> = {
  applyFailedPartial:
    'the host stands half-way between two configurations; the agent tries again to lead it back',
  // Where an earlier life of the agent knew the tool's words.
  validationFailed: 'the candidate was refused at validation; nothing was touched',
  applyFailedUndone: 'the commit failed, and the host was led back to what it ran before',
  digestMismatch: 'the candidate is not the one that was meant',
  confirmExpired: 'nobody confirmed the commit in time, so it was rolled back',
  interrupted: 'the agent ended during the commit, and led the host back to what it ran before',
};
