import type { Configuration } from '../../mib/configuration.js';
import {
  DEFAULT_SETTINGS,
  type AgentState,
  type Labelled,
  type LastAction,
  type Phase,
  type Settings,
} from '../store/agent-state.js';
import type { BootClock } from '../store/boot-clock.js';
import type { Datastore, RunningState } from './datastore.js';
import type { HostKernel } from './host-kernel.js';
import { Mutex } from './mutex.js';
import { ActionFailure, problemsOf } from './problem.js';

/** Where the state outlives the agent. */
export interface CommitStore {
  /** @throws NetmgrError if it cannot be written, with what was there before still there */
  save(state: AgentState): Promise<void>;
}

export interface CommitOptions {
  /** Seconds until the commit is undone unless it is confirmed; 0: it is final. */
  readonly confirmTimeout: number;
  /** Whether root qdiscs of others may be replaced. */
  readonly takeOver: boolean;
}

const IDLE: Phase = { name: 'idle' };
/** Milliseconds until a state that could not be written is written again. */
const WRITE_AGAIN = 5000;

/**
 * Leads a host from one configuration to another in steps that are on the disk before they are taken: whatever moment
 * the agent or the host dies at, the next start knows where the host was and leads it to the old or the new
 * configuration.
 */
export class Commits {
  last: LastAction = { action: 'none', digest: '', result: 'none' };
  settings: Settings = DEFAULT_SETTINGS;
  /** False: what runs here is not known, because nothing of it, or nothing whole, was on the disk. */
  isKnown = false;
  /** What was damaged on the disk at the start, in words, until something is committed or made anew. */
  damage: readonly string[] = [];
  #phase: Phase = IDLE;
  #writeAgain: NodeJS.Timeout | undefined;
  /** One file at a time: two writers of it would take each other's temporary file. */
  readonly #writing = new Mutex();

  constructor(
    private readonly datastore: Datastore,
    private readonly kernel: HostKernel,
    private readonly store: CommitStore,
    private readonly clock: BootClock,
  ) {}

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether an earlier step failed half-way, so that the host is between two configurations. */
  get isHalfway(): boolean {
    return this.#phase.name === 'applying' || this.#phase.name === 'rollingBack';
  }

  /** Takes over what was on the disk. */
  adopt(state: AgentState): void {
    this.#phase = state.phase;
    this.last = state.last;
    this.settings = state.settings;
    this.isKnown = true;
    this.datastore.run(state);
    this.datastore.discard();
  }

  /** Seconds until the running configuration is rolled back; undefined if no deadline runs. */
  async remaining(): Promise<number | undefined> {
    if (this.#phase.name !== 'confirmWait') return undefined;
    const { boot, deadline } = this.#phase;
    const now = await this.clock();
    // A restarted host begins with nothing of what was to be confirmed.
    if (boot !== now.boot) return 0;
    return deadline === undefined ? undefined : Math.max(0, deadline - now.seconds);
  }

  /** Makes the host run `target`. @throws ActionFailure */
  async commit(target: Labelled, last: Omit<LastAction, 'result'>, options: CommitOptions): Promise<void> {
    const { running } = this.datastore;
    await this.#saveOrFail({
      phase: { name: 'applying', target },
      // What the next start finds if there is no end to this.
      last: { ...last, result: 'interrupted' },
    });
    try {
      await this.kernel.apply(running.configuration, target.configuration, options);
    } catch (error) {
      if (isUndone(error)) await this.#note({ phase: IDLE, last: { ...last, result: error.result } });
      else this.last = { ...last, result: 'applyFailedPartial' };
      throw error;
    }
    const next = this.datastore.after(target, options.confirmTimeout === 0);
    const phase = await this.#waiting(options.confirmTimeout);
    try {
      await this.#save({ ...next, phase, last: { ...last, result: 'success' } });
    } catch (error) {
      throw await this.#takeBack(target.configuration, running.configuration, last, error);
    }
    this.isKnown = true;
    this.damage = [];
  }

  /** Makes final what runs. @throws ActionFailure if that cannot be written down */
  async confirm(last: Omit<LastAction, 'result'>): Promise<void> {
    const { generation, confirmedGeneration } = this.datastore;
    if (generation === confirmedGeneration) {
      this.last = { ...last, result: 'success' };
      return;
    }
    const confirmed = this.datastore.confirmed();
    await this.#saveOrFail({ ...confirmed, phase: IDLE, last: { ...last, result: 'success' } });
  }

  /** Leads the host back to what ran before. @throws NetmgrError of the tool that failed; then it is half-way */
  async rollBack(last: Omit<LastAction, 'result'>, expired: boolean): Promise<void> {
    await this.#note({
      phase: { name: 'rollingBack', expired },
      last: { ...last, result: expired ? 'confirmExpired' : 'success' },
    });
    await this.#finishRollBack();
  }

  /** Leads the host to what runs, wherever it is. @throws NetmgrError of the tool that failed */
  async resync(last: Omit<LastAction, 'result'>, options: Pick<CommitOptions, 'takeOver'>): Promise<void> {
    if (this.isHalfway) await this.recover();
    else {
      const { configuration } = this.datastore.running;
      await this.kernel.restore(configuration, configuration, options);
    }
    this.damage = [];
    this.last = { ...last, result: 'success' };
  }

  /**
   * Finishes or undoes what an earlier life of the agent left, and makes the host agree with what runs.
   *
   * @throws NetmgrError of the tool that failed; the phase stays, for another attempt
   */
  async recover(): Promise<void> {
    const { running } = this.datastore;
    switch (this.#phase.name) {
      case 'applying': {
        const { result } = this.last;
        await this.kernel.restore(this.#phase.target.configuration, running.configuration);
        await this.#note({
          phase: IDLE,
          last: { ...this.last, result: result === 'applyFailedPartial' ? 'applyFailedUndone' : result },
        });
        return;
      }
      case 'rollingBack':
        await this.#finishRollBack();
        return;
      case 'confirmWait':
        if ((await this.remaining()) === 0) {
          const digest = this.datastore.previous.configuration.digest().toString('hex');
          await this.rollBack({ action: 'rollback', digest }, true);
          return;
        }
        break;
      case 'idle':
    }
    await this.kernel.restore(running.configuration, running.configuration);
  }

  /** Keeps settings, for good as soon as the disk takes them. */
  async change(settings: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.#note({});
  }

  /** Ends what would keep the process alive. */
  close(): void {
    clearTimeout(this.#writeAgain);
  }

  async #finishRollBack(): Promise<void> {
    const { running, previous } = this.datastore;
    await this.kernel.restore(running.configuration, previous.configuration);
    const { generation, confirmedGeneration } = this.datastore;
    // Who takes back what nobody had confirmed agrees to nothing: who had committed it may do so again.
    const next = this.datastore.after(previous, generation === confirmedGeneration);
    const isExpired = this.#phase.name === 'rollingBack' && this.#phase.expired;
    const { result } = this.last;
    await this.#note({
      ...next,
      phase: IDLE,
      // An earlier attempt may have failed half-way; this one did not.
      last: {
        ...this.last,
        result: result !== 'applyFailedPartial' ? result : isExpired ? 'confirmExpired' : 'success',
      },
    });
  }

  async #waiting(confirmTimeout: number): Promise<Phase> {
    if (confirmTimeout === 0) return IDLE;
    const { boot, seconds } = await this.clock();
    return { name: 'confirmWait', boot, deadline: seconds + confirmTimeout };
  }

  /** The host runs the target, and nothing on the disk would ever say so: back. */
  async #takeBack(
    target: Configuration,
    running: Configuration,
    last: Omit<LastAction, 'result'>,
    failure: unknown,
  ): Promise<ActionFailure> {
    try {
      await this.kernel.restore(target, running);
    } catch (error) {
      this.last = { ...last, result: 'applyFailedPartial' };
      return new ActionFailure([...problemsOf(failure), ...problemsOf(error)], 'applyFailedPartial', failure);
    }
    await this.#note({ phase: IDLE, last: { ...last, result: 'applyFailedUndone' } });
    return new ActionFailure(problemsOf(failure), 'applyFailedUndone', failure);
  }

  async #saveOrFail(change: Change): Promise<void> {
    try {
      await this.#save(change);
    } catch (error) {
      throw new ActionFailure(problemsOf(error), 'applyFailedUndone', error);
    }
  }

  /** Writes the state and then makes it ours. @throws NetmgrError, with all as it was */
  async #save(change: Change): Promise<void> {
    await this.#writing.run(async () => {
      clearTimeout(this.#writeAgain);
      await this.store.save(this.#stateWith(change));
      this.#adoptChange(change);
    });
  }

  /** Makes the state ours, and writes it as soon as the disk takes it: the host must not wait for that. */
  async #note(change: Change): Promise<void> {
    this.#adoptChange(change);
    await this.#writing.run(async () => {
      clearTimeout(this.#writeAgain);
      try {
        await this.store.save(this.#stateWith({}));
      } catch {
        this.#writeAgain = setTimeout(() => void this.#note({}), WRITE_AGAIN).unref();
      }
    });
  }

  #adoptChange({ phase, last, ...running }: Change): void {
    this.#phase = phase ?? this.#phase;
    this.last = last ?? this.last;
    this.datastore.run({ ...this.datastore.state, ...running });
  }

  #stateWith(change: Change): AgentState {
    const state = { ...this.datastore.state, ...change };
    const { running, previous, generation, confirmedGeneration, runningTime } = state;
    return {
      phase: change.phase ?? this.#phase,
      running,
      previous,
      generation,
      confirmedGeneration,
      ...(runningTime === undefined ? {} : { runningTime }),
      last: change.last ?? this.last,
      settings: this.settings,
    };
  }
}

interface Change extends Partial<RunningState> {
  readonly phase?: Phase;
  readonly last?: LastAction;
}

function isUndone(error: unknown): error is ActionFailure {
  return error instanceof ActionFailure && error.result !== 'applyFailedPartial';
}
