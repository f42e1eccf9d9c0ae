import { Configuration } from '../../mib/configuration.js';
import type { Labelled } from '../store/agent-state.js';

const NOTHING: Labelled = { configuration: new Configuration(), label: '' };

/** The configurations of an agent (RFC 6241 section 5 has the words). */
export class Datastore {
  /** What managers write; it never touches the kernel. */
  candidate = new Configuration();
  /** The name of the candidate, for people. */
  label = '';
  #state: RunningState = { running: NOTHING, previous: NOTHING, generation: 0, confirmedGeneration: 0 };

  /** What runs, and what ran before. */
  get state(): RunningState {
    return this.#state;
  }

  /** What was last committed and is in force. */
  get running(): Labelled {
    return this.#state.running;
  }

  /** What ran before the last commit: the target of a rollback. */
  get previous(): Labelled {
    return this.#state.previous;
  }

  /** The number of successful commits, rollbacks included, since the agent was installed. */
  get generation(): number {
    return this.#state.generation;
  }

  /** The generation that somebody last agreed to keep; a commit that waits for its confirmation is beyond it. */
  get confirmedGeneration(): number {
    return this.#state.confirmedGeneration;
  }

  /** When the running configuration was committed. */
  get runningTime(): Date | undefined {
    return this.#state.runningTime;
  }

  /** Drops what was written to the candidate. */
  discard(): void {
    this.candidate = this.running.configuration.clone();
    this.label = this.running.label;
  }

  /** Removes all rows from the candidate. */
  clearCandidate(): void {
    this.candidate = new Configuration();
  }

  /** Takes over what runs, as it was committed or is known from the disk. */
  run({ running, previous, generation, confirmedGeneration, runningTime }: RunningState): void {
    this.#state = { running, previous, generation, confirmedGeneration, runningTime };
  }

  /** What running `next`, for good or not, would make of this; `previous` is then what runs now. */
  after(next: Labelled, isFinal: boolean): RunningState {
    const generation = this.generation + 1;
    return {
      running: next,
      previous: this.running,
      generation,
      confirmedGeneration: isFinal ? generation : this.confirmedGeneration,
      runningTime: new Date(),
    };
  }

  /** What agreeing to what runs would make of this. */
  confirmed(): RunningState {
    return { ...this.#state, confirmedGeneration: this.generation };
  }
}

/** What runs, and what ran before. */
export interface RunningState {
  readonly running: Labelled;
  readonly previous: Labelled;
  readonly generation: number;
  readonly confirmedGeneration: number;
  readonly runningTime?: Date | undefined;
}
