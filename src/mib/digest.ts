import { createHash } from 'node:crypto';
import { berContents } from './ber-contents.js';
import { NETEMU_CONFIG } from './objects.js';
import { oidText } from './oid.js';
import type { AnyRow, Entry, TableDefinition } from './table.js';
import { configTables } from './tables.js';

/** The canonical form of each table's rows: what a digest is taken of. */
interface CanonicalTables {
  canonicalForm(table: TableDefinition): Buffer;
}

/**
 * SHA-256 over the canonical form that NetemuDigest in the MIB defines: for each active row a line for its
 * RowStatus and one for each column that differs from its DEFVAL, in the order of the OIDs. So a column that a
 * later version adds changes no digest as long as it keeps its default.
 */
export function digestOf(configuration: CanonicalTables): Buffer {
  const hash = createHash('sha256');
  for (const table of configTables) hash.update(configuration.canonicalForm(table));
  return hash.digest();
}

/** The line of a row for one column: empty where the row has its DEFVAL. */
interface Line {
  readonly id: number;
  readonly of: (row: AnyRow, index: string) => string;
}

/** Characters that are put together before they become octets: a table may have as many lines as an environment has addresses. */
const PIECE = 65_536;

/**
 * The lines of one table. OIDs have the column before the index, so they are in order column by column.
 *
 * @param entries in the order of their indices
 */
export function canonicalForm(table: TableDefinition, entries: readonly Entry[]): Buffer {
  const start = oidText(table.entry.slice(NETEMU_CONFIG.length));
  const indices = entries.map(({ index }) => oidText(index));
  const columns: Line[] = Object.entries(table.columns).map(([name, { id, syntax, defaultValue }]) => ({
    id,
    of: (row, index) => {
      const value = row[name];
      if (value === defaultValue) return '';
      return `${start}.${String(id)}.${index} ${berContents(syntax.encode(value)).toString('hex')}\n`;
    },
  }));
  const { rowStatus: id } = table;
  if (id !== undefined) columns.push({ id, of: (_row, index) => `${start}.${String(id)}.${index}\n` });
  const pieces: Buffer[] = [];
  let text = '';
  for (const { of } of columns.sort((a, b) => a.id - b.id)) {
    entries.forEach(({ row }, i) => {
      text += of(row, indices[i] ?? '');
      if (text.length < PIECE) return;
      pieces.push(Buffer.from(text, 'latin1'));
      text = '';
    });
  }
  return Buffer.concat([...pieces, Buffer.from(text, 'latin1')]);
}
