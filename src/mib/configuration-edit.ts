import {
  expectRecord,
  readIndex,
  readRow,
  readTables,
  unreadable,
  withoutDefaults,
} from './configuration-json.js';
import { inPieces } from '../in-pieces.js';
import { packJson, unpackJson } from './packed-json.js';
import { keyOf, type AnyRow, type TableDefinition } from './table.js';
import type { Oid } from './value.js';

/** What becomes of one row; no row: it is removed. */
export interface RowChange {
  readonly table: TableDefinition;
  readonly index: Oid;
  readonly row: AnyRow | undefined;
}

/** A row that is to be there, or one that is to be removed, of which the index fields count. */
export interface EditedRow {
  readonly table: TableDefinition;
  readonly row: AnyRow;
  readonly isRemoved: boolean;
}

/** Octets of netemuCfgEdit that are sent at a time: few pieces of a datagram can get lost. */
const MOST_OCTETS = 16_384;
/** Octets of the text in it. */
const LONGEST_TEXT = 1_048_576;

/** Values of netemuCfgEdit, each within its bounds, that do all this together; in any order, and however often. */
export function packEdits(edits: readonly EditedRow[]): Buffer[] {
  if (edits.length === 0) return [];
  const text = JSON.stringify({ set: rowsByTable(edits, false), remove: rowsByTable(edits, true) });
  const packed = packJson(text);
  const fill = Math.max(packed.length / MOST_OCTETS, Buffer.byteLength(text) / LONGEST_TEXT);
  if (edits.length === 1 || fill <= 1) return [packed];
  // A tenth more than it takes: not all rows are of one size.
  const size = Math.ceil(edits.length / Math.ceil(fill * 1.1));
  return inPieces(edits.length, size, (from, to) => packEdits(edits.slice(from, to))).flat();
}

function rowsByTable(edits: readonly EditedRow[], removed: boolean): Readonly<Record<string, AnyRow[]>> {
  const byTable: Record<string, AnyRow[]> = {};
  for (const { table, row, isRemoved } of edits) {
    if (isRemoved !== removed) continue;
    (byTable[table.name] ??= []).push(removed ? keyOf(table, row) : withoutDefaults(table, row));
  }
  return byTable;
}

/** The reverse of {@link packEdits}, for one value. @throws NetmgrError `InvalidInput` */
export function unpackEdit(octets: Uint8Array): RowChange[] {
  const { set = {}, remove = {}, ...others } = expectRecord(unpackJson(octets, LONGEST_TEXT), 'an edit');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw unreadable(`an edit has no member ${unknown}`);
  const changes: RowChange[] = [];
  readTables(remove, (table, json) => {
    changes.push({ table, index: readIndex(table, json), row: undefined });
  });
  readTables(set, (table, json) => {
    changes.push({ table, ...readRow(table, json) });
  });
  return changes;
}
