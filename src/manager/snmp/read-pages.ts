import { inPieces } from '../../in-pieces.js';
import { candidateDigestTable } from '../../mib/candidate-digest-table.js';
import { candidatePageTable, ROWS_PER_PART } from '../../mib/candidate-page-table.js';
import { Configuration } from '../../mib/configuration.js';
import { readRow, readTables, unreadable } from '../../mib/configuration-json.js';
import { unpackJson } from '../../mib/packed-json.js';
import { pageListFromJson, pagesOf, type ListedPage } from '../../mib/page-list.js';
import { encodeIndex } from '../../mib/table.js';
import { LONGEST_TEXT, PARTS_PER_GET, readParts } from './read-parts.js';
import type { SnmpSession } from './snmp-session.js';

/** Rows that are read page by page; with more, all of the candidate is read sooner. */
const MOST_ROWS = 5000;
/** Octets of the text of so few rows. */
const LONGEST_PART_TEXT = 262_144;

const { entry, columns } = candidatePageTable;

/**
 * An agent's candidate, of which only those pages are read that another configuration does not have.
 *
 * @returns undefined if they are so many that all is to be read
 * @throws NetmgrError `InvalidInput` if what the agent says is none, or has changed meanwhile
 */
export async function readPages(
  session: SnmpSession,
  like: Configuration,
): Promise<Configuration | undefined> {
  const packed = await readParts(session, candidateDigestTable);
  const listed = pageListFromJson(unpackJson(packed, LONGEST_TEXT));
  const isAlike = ({ table, name, digest }: ListedPage): boolean =>
    like.page(table, name)?.digest.equals(digest) === true;
  const others = listed.map((page, place) => ({ ...page, place })).filter((page) => !isAlike(page));
  if (others.reduce((sum, { rows }) => sum + rows, 0) > MOST_ROWS) return undefined;

  const candidate = new Configuration();
  for (const { table, name } of listed.filter(isAlike)) candidate.share(table, name, like);
  const parts = others.flatMap(({ table, place, rows }) =>
    inPieces(rows, ROWS_PER_PART, (from) => {
      const index = encodeIndex(candidatePageTable, { place, part: from / ROWS_PER_PART });
      return { table, oid: [...entry, columns.text.id, ...index] };
    }),
  );
  for (const some of inPieces(parts.length, PARTS_PER_GET, (from, to) => parts.slice(from, to))) {
    const found = await session.getThose(some.map(({ oid }) => oid));
    if (found.length < some.length) throw hasChanged();
    for (const [i, { value }] of found.entries()) {
      const expected = some[i]?.table;
      readTables(unpackJson(columns.text.syntax.decode(value), LONGEST_PART_TEXT), (table, json) => {
        if (table !== expected)
          throw unreadable(`a page of ${String(expected?.name)} has rows of ${table.name}`);
        const { index, row } = readRow(table, json);
        candidate.setAt(table, index, row);
      });
    }
  }
  if (!isAsListed(candidate, listed)) throw hasChanged();
  return candidate;
}

const hasChanged = (): Error => unreadable('the candidate has changed while it was read');

/** Whether a configuration has the pages that are listed, and no others. */
const isAsListed = (configuration: Configuration, listed: readonly ListedPage[]): boolean =>
  pagesOf(configuration).length === listed.length &&
  listed.every(({ table, name, digest }) => configuration.page(table, name)?.digest.equals(digest) === true);
