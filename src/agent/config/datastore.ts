import { Configuration } from '../../mib/configuration.js';
import type { Labelled } from '../store/agent-state.js';

const NOTHING: Labelled = { configuration: new Configuration(), label: '' };

/** The configurations of an agent (RFC 6241 section 5 has the words). */
export class Datastore {
  /** What managers write; it never touches the kernel. */
  candidate = new Configuration();
  /** The name of the candidate, for people. */
  label = '';
  #running = NOTHING;
  #previous = NOTHING;
  #generation = 0;
  #runningTime: Date | undefined;

  /** What was last committed and is in force. */
  get running(): Labelled {
    return this.#running;
  }

  /** What ran before the last commit: the target of a rollback. */
  get previous(): Labelled {
    return this.#previous;
  }

  /** The number of successful commits, rollbacks included, since the agent was installed. */
  get generation(): number {
    return this.#generation;
  }

  /** When the running configuration was committed. */
  get runningTime(): Date | undefined {
    return this.#runningTime;
  }

  /** Drops what was written to the candidate. */
  discard(): void {
    this.candidate = this.#running.configuration.clone();
    this.label = this.#running.label;
  }

  /** Removes all rows from the candidate. */
  clearCandidate(): void {
    this.candidate = new Configuration();
  }

  /** Takes over what runs, as it was committed or is known from the disk. */
  run({ running, previous, generation, runningTime }: RunningState): void {
    this.#running = running;
    this.#previous = previous;
    this.#generation = generation;
    this.#runningTime = runningTime;
  }

  /** What running `next` would make of this; `previous` is then what runs now. */
  after(next: Labelled): RunningState {
    return {
      running: next,
      previous: this.#running,
      generation: this.#generation + 1,
      runningTime: new Date(),
    };
  }
}

/** What runs, and what ran before. */
export interface RunningState {
  readonly running: Labelled;
  readonly previous: Labelled;
  readonly generation: number;
  readonly runningTime?: Date | undefined;
}
