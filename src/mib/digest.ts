import { createHash } from 'node:crypto';
import { berContents } from './ber-contents.js';
import { NETEMU_CONFIG } from './objects.js';
import { compareOids, oidText } from './oid.js';
import { encodeColumns, type Entry, type TableDefinition } from './table.js';
import { configTables } from './tables.js';
import type { Oid } from './value.js';

/** Rows by table: what a digest is taken of. */
interface Rows {
  entries(table: TableDefinition): readonly Entry[];
}

/**
 * SHA-256 over the canonical form that NetemuDigest in the MIB defines: for each active row a line for its
 * RowStatus and one for each column that differs from its DEFVAL, in the order of the OIDs. So a column that a
 * later version adds changes no digest as long as it keeps its default.
 */
export function digestOf(configuration: Rows): Buffer {
  const lines: { oid: Oid; text: string }[] = [];
  const add = (oid: Oid, value?: Buffer): void => {
    const name = oidText(oid.slice(NETEMU_CONFIG.length));
    lines.push({ oid, text: value === undefined ? `${name}\n` : `${name} ${value.toString('hex')}\n` });
  };
  for (const table of configTables) {
    for (const { index, row } of configuration.entries(table)) {
      for (const { columnId, value, isDefault } of encodeColumns(table, row)) {
        if (!isDefault) add([...table.entry, columnId, ...index], berContents(value));
      }
      if (table.rowStatus !== undefined) add([...table.entry, table.rowStatus, ...index]);
    }
  }
  lines.sort((a, b) => compareOids(a.oid, b.oid));
  const hash = createHash('sha256');
  for (const { text } of lines) hash.update(text);
  return hash.digest();
}
