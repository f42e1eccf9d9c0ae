import { Configuration } from '../../mib/configuration.js';

/** The configurations of an agent (RFC 6241 section 5 has the words). */
export class Datastore {
  /** What managers write; it never touches the kernel. */
  candidate = new Configuration();
  /** What was last committed and is in force. */
  running = new Configuration();
  /** What ran before the last commit: the target of a rollback. */
  previous = new Configuration();
  /** The name of the candidate, for people. */
  label = '';
  runningLabel = '';
  previousLabel = '';
  /** The number of successful commits. */
  generation = 0;

  /** Drops what was written to the candidate. */
  discard(): void {
    this.candidate = this.running.clone();
    this.label = this.runningLabel;
  }

  /** Removes all rows from the candidate. */
  clearCandidate(): void {
    this.candidate = new Configuration();
  }

  /** Makes `configuration` the running one; a rollback leads back to what ran until now. */
  commit(configuration: Configuration, label: string): void {
    this.previous = this.running;
    this.previousLabel = this.runningLabel;
    this.running = configuration;
    this.runningLabel = label;
    this.generation++;
  }
}
