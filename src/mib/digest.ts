import { createHash } from 'node:crypto';
import { contentsInHex } from './ber-contents.js';
import { NETEMU_CONFIG } from './objects.js';
import { oidText } from './oid.js';
import type { AnyRow, TableDefinition } from './table.js';
import { configTables } from './tables.js';

/** The digest of each table's rows; of a table without rows there is none. */
interface TableDigests {
  tableDigest(table: TableDefinition): Buffer | undefined;
}

/**
 * SHA-256 over the digests of the tables, as NetemuDigest in the MIB defines it. Tables that many hosts have alike are
 * so gone through once, and after a change those that it is in. A table that a later version adds changes no digest as
 * long as it has no rows.
 */
export function digestOf(configuration: TableDigests): Buffer {
  const hash = createHash('sha256');
  for (const table of configTables) {
    const digest = configuration.tableDigest(table);
    if (digest !== undefined) hash.update(digest);
  }
  return hash.digest();
}

/**
 * SHA-256 over the canonical form of a table that NetemuDigest in the MIB defines: for each active row a line for its
 * RowStatus and one for each column that differs from its DEFVAL, in the order of the OIDs. So a column that a
 * later version adds changes no digest as long as it keeps its default.
 *
 * @param rows with their indices as text, in the order of these as OIDs
 */
export function tableDigestOf(
  table: TableDefinition,
  rows: readonly (readonly [index: string, row: AnyRow])[],
): Buffer {
  const hash = createHash('sha256');
  for (const piece of canonicalForm(table, rows)) hash.update(piece);
  return hash.digest();
}

/** Characters that are put together before anybody takes them: there may be as many lines as an environment has addresses. */
const PIECE = 65_536;

/** The lines of one table, in pieces of ASCII. OIDs have the column before the index, so they are in order column by column. */
function* canonicalForm(
  table: TableDefinition,
  rows: readonly (readonly [index: string, row: AnyRow])[],
): Generator<string> {
  const start = oidText(table.entry.slice(NETEMU_CONFIG.length));
  let piece = '';
  for (const { id, contentsOf } of columnsOf(table)) {
    for (const [index, row] of rows) {
      const contents = contentsOf(row);
      if (contents === undefined) continue;
      piece += `${start}.${String(id)}.${index}${contents}\n`;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

interface CanonicalColumn {
  readonly id: number;
  /** What stands behind the OID; undefined where the row has no line. */
  readonly contentsOf: (row: AnyRow) => string | undefined;
}

function columnsOf({ columns, rowStatus }: TableDefinition): CanonicalColumn[] {
  const all = Object.entries(columns).map(([name, { id, syntax, defaultValue }]): CanonicalColumn => {
    // Most rows say what the one before has said.
    let last: unknown;
    let text: string | undefined;
    return {
      id,
      contentsOf: (row) => {
        const value = row[name];
        if (value === defaultValue) return undefined;
        if (text === undefined || value !== last) {
          last = value;
          text = ` ${contentsInHex(syntax.encode(value))}`;
        }
        return text;
      },
    };
  });
  const status = rowStatus === undefined ? [] : [{ id: rowStatus, contentsOf: () => '' }];
  return [...all, ...status].sort((a, b) => a.id - b.id);
}
