import { inPieces } from '../../in-pieces.js';
import { candidateDigestTable } from '../../mib/candidate-digest-table.js';
import { candidatePageTable, ROWS_PER_PART } from '../../mib/candidate-page-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { readRow, readTables, unreadable } from '../../mib/configuration-json.js';
import { unpackJson } from '../../mib/packed-json.js';
import { pageListFromJson, pagesOf, type ListedPage } from '../../mib/page-list.js';
import { encodeIndex } from '../../mib/table.js';
import type { Oid } from '../../mib/value.js';
import { LONGEST_TEXT, readParts } from './read-parts.js';
import type { SnmpSession } from './snmp-session.js';

/** Rows that are read page by page; with more, all of the candidate is read sooner. */
const MOST_ROWS = 5000;
/** Of a few kilobytes at most, in an answer far below snmpd's 65,507 octets. */
const PARTS_PER_GET = 3;

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

  const candidate = like.clone();
  const stays = new Set(listed.filter(isAlike).map(({ table, name }) => like.page(table, name)));
  for (const { table, page } of pagesOf(like)) {
    if (!stays.has(page)) for (const { index } of page.entries) candidate.delete(table, index);
  }
  const parts = others.flatMap(({ place, rows }) =>
    inPieces(rows, ROWS_PER_PART, (from): Oid => [
      ...entry,
      columns.text.id,
      ...encodeIndex(candidatePageTable, { place, part: from / ROWS_PER_PART }),
    ]),
  );
  for (const some of inPieces(parts.length, PARTS_PER_GET, (from, to) => parts.slice(from, to))) {
    for (const { value } of await session.getThose(some)) {
      readTables(unpackJson(columns.text.syntax.decode(value), LONGEST_TEXT), (table, json) => {
        const { index, row } = readRow(table, json);
        candidate.setAt(table, index, row);
      });
    }
  }
  if (!isAsListed(candidate, listed)) throw unreadable('the candidate has changed while it was read');
  return candidate;
}

/** Whether a configuration has the pages that are listed, and no others. */
const isAsListed = (configuration: Configuration, listed: readonly ListedPage[]): boolean =>
  pagesOf(configuration).length === listed.length &&
  listed.every(({ table, name, digest }) => configuration.page(table, name)?.digest.equals(digest) === true);
