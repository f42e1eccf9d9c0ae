import type { Configuration } from '../../mib/configuration.js';
import type { Entry } from '../../mib/table.js';

/** The rows of a table that are made of the candidate, as of the last {@link refresh}. */
export class EntriesOf {
  entries: readonly Entry[] = [];
  #of: Configuration | undefined;
  #revision = 0;

  /** @param candidate what is in it now */
  constructor(
    private readonly candidate: () => Configuration,
    private readonly make: (candidate: Configuration) => readonly Entry[],
  ) {}

  refresh(): Promise<void> {
    const candidate = this.candidate();
    if (candidate !== this.#of || candidate.revision !== this.#revision) {
      this.entries = this.make(candidate);
      this.#of = candidate;
      this.#revision = candidate.revision;
    }
    return Promise.resolve();
  }
}
