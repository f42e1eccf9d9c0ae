import { Configuration } from '../../mib/configuration.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import type { AnyRow, TableDefinition } from '../../mib/table.js';
import type { Oid } from '../../mib/value.js';
import { SetError, type RowEdit } from './set-request.js';

/** Far above what a host can hold (1,000 vifs with 50 links each), far below what fills the memory. */
const MAX_ROWS = 200_000;

/** What becomes of one row; no row: it is removed. */
export interface RowChange {
  readonly table: TableDefinition;
  readonly index: Oid;
  readonly row: AnyRow | undefined;
}

/**
 * What the edits make of a configuration (RowStatus, RFC 2579), not applied yet.
 *
 * @throws SetError if one of them cannot be
 */
export function changesOf(edits: readonly RowEdit[], base: Configuration): RowChange[] {
  const changes = edits.map((edit) => ({
    table: edit.table,
    index: edit.index,
    row: rowAfter(edit, base.get(edit.table, edit.index)),
  }));
  const created = changes.filter(({ row }) => row !== undefined).length;
  if (base.size + created > MAX_ROWS) throw new SetError('resourceUnavailable', edits.at(-1)?.at ?? 1);
  return changes;
}

/** What an edit makes of the row that is there; undefined: it is removed. @throws SetError if it cannot be */
export function rowAfter(edit: RowEdit, existing: AnyRow | undefined): AnyRow | undefined {
  if (edit.status === ROW_STATUS.destroy) return undefined;
  if (existing !== undefined) return { ...existing, ...edit.cells };
  if (edit.status !== ROW_STATUS.createAndGo) throw new SetError('inconsistentName', edit.at);
  const row: Record<string, unknown> = { ...edit.key };
  for (const [name, { defaultValue }] of Object.entries(edit.table.columns)) {
    const value: unknown = edit.cells[name] ?? defaultValue;
    if (value === undefined) throw new SetError('inconsistentValue', edit.at);
    row[name] = value;
  }
  return row;
}

/** Applies the changes. @returns those that undo them, in the order to apply them in */
export function applyChanges(changes: readonly RowChange[], configuration: Configuration): RowChange[] {
  const inverse: RowChange[] = [];
  for (const { table, index, row } of changes) {
    inverse.unshift({ table, index, row: configuration.get(table, index) as AnyRow | undefined });
    if (row === undefined) configuration.delete(table, index);
    else configuration.set(table, row as never);
  }
  return inverse;
}
