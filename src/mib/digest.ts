import { createHash } from 'node:crypto';
import { berContents } from './ber-contents.js';
import { NETEMU_CONFIG } from './objects.js';
import { oidText } from './oid.js';
import type { Entry, TableDefinition } from './table.js';
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

/**
 * The lines of one table. OIDs have the column before the index, so they are in order column by column.
 *
 * @param entries in the order of their indices
 */
export function canonicalForm(table: TableDefinition, entries: readonly Entry[]): Buffer {
  const start = oidText(table.entry.slice(NETEMU_CONFIG.length));
  const indices = entries.map(({ index }) => oidText(index));
  const columns = Object.entries(table.columns).map(([name, { id, syntax, defaultValue }]) => ({
    id,
    lines: (): string[] =>
      entries.map(({ row }, i) => {
        const value = row[name];
        if (value === defaultValue) return '';
        const contents = berContents(syntax.encode(value)).toString('hex');
        return `${start}.${String(id)}.${indices[i] ?? ''} ${contents}\n`;
      }),
  }));
  if (table.rowStatus !== undefined) {
    const id = table.rowStatus;
    columns.push({ id, lines: () => indices.map((index) => `${start}.${String(id)}.${index}\n`) });
  }
  const inOrder = columns.sort((a, b) => a.id - b.id);
  return Buffer.concat(inOrder.map(({ lines }) => Buffer.from(lines().join(''), 'latin1')));
}
