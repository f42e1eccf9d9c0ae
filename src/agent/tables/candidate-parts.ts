import { inPieces } from '../../in-pieces.js';
import { candidateTable, LONGEST_PART } from '../../mib/candidate-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { configurationToJson } from '../../mib/configuration-json.js';
import { packJson } from '../../mib/packed-json.js';
import { encodeIndex, type Entry } from '../../mib/table.js';

/** The rows of netemuCandidateTable, as of the last {@link refresh}. */
export class CandidateParts {
  entries: readonly Entry[] = [];
  #of: Configuration | undefined;
  #revision = 0;

  /** @param candidate what is in it now */
  constructor(private readonly candidate: () => Configuration) {}

  refresh(): Promise<void> {
    const candidate = this.candidate();
    if (candidate !== this.#of || candidate.revision !== this.#revision) {
      this.#of = candidate;
      this.#revision = candidate.revision;
      this.entries = partsOf(packJson(JSON.stringify(configurationToJson(candidate))));
    }
    return Promise.resolve();
  }
}

function partsOf(packed: Buffer): Entry[] {
  const texts = inPieces(packed.length, LONGEST_PART, (from, to) => packed.subarray(from, to));
  return texts.map((text, part) => ({ index: encodeIndex(candidateTable, { part }), row: { part, text } }));
}
