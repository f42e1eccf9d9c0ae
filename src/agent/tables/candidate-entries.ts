import { inPieces } from '../../in-pieces.js';
import { candidateDigestTable } from '../../mib/candidate-digest-table.js';
import { candidatePageTable, ROWS_PER_PART } from '../../mib/candidate-page-table.js';
import { candidateTable, LONGEST_PART } from '../../mib/candidate-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { configurationToJson, withoutDefaults } from '../../mib/configuration-json.js';
import { packJson } from '../../mib/packed-json.js';
import { pageListToJson, pagesOf } from '../../mib/page-list.js';
import { encodeIndex, type AnyRow, type Entry, type TableDefinition } from '../../mib/table.js';

/** The rows of netemuCandidateTable. */
export const textEntries = (candidate: Configuration): Entry[] =>
  partsOf(candidateTable, configurationToJson(candidate));

/** The rows of netemuCandidateDigestTable. */
export const digestEntries = (candidate: Configuration): Entry[] =>
  partsOf(candidateDigestTable, pageListToJson(candidate));

function partsOf(table: TableDefinition, json: unknown): Entry[] {
  const packed = packJson(JSON.stringify(json));
  const texts = inPieces(packed.length, LONGEST_PART, (from, to) => packed.subarray(from, to));
  return texts.map((text, part) => ({ index: encodeIndex(table, { part }), row: { part, text } }));
}

/** The rows of netemuCandidatePageTable. */
export const pageEntries = (candidate: Configuration): Entry[] =>
  pagesOf(candidate).flatMap(({ table, page: { entries } }, place) =>
    inPieces(entries.length, ROWS_PER_PART, (from, to) => entries.slice(from, to).map(({ row }) => row)).map(
      (rows, part) => ({
        index: encodeIndex(candidatePageTable, { place, part }),
        row: new PagePart(table, rows) as unknown as AnyRow,
      }),
    ),
  );

/** A part of a page, which is packed when it is asked for: there are thousands, and few are. */
class PagePart {
  #text: Buffer | undefined;

  constructor(
    private readonly table: TableDefinition,
    private readonly rows: readonly AnyRow[],
  ) {}

  get text(): Buffer {
    const { name } = this.table;
    return (this.#text ??= packJson(
      JSON.stringify({ [name]: this.rows.map((row) => withoutDefaults(this.table, row)) }),
    ));
  }
}
