import { Configuration } from '../../mib/configuration.js';
import type { RowChange } from '../../mib/configuration-edit.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import type { AnyRow } from '../../mib/table.js';
import { SetError, type RowEdit } from './set-request.js';

/** Far above what a host can hold (1,000 vifs with 50 links each), far below what fills the memory. */
const MAX_ROWS = 200_000;

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
  expectRoom(changes, base, edits.at(-1)?.at ?? 1);
  return changes;
}

/** @param at the varbind that asks for them, from 1. @throws SetError if there would be too many rows */
export function expectRoom(changes: readonly RowChange[], base: Configuration, at: number): void {
  const created = changes.filter(
    ({ table, index, row }) => row !== undefined && base.get(table, index) === undefined,
  ).length;
  if (base.size + created > MAX_ROWS) throw new SetError('resourceUnavailable', at);
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
    inverse.push({ table, index, row: configuration.get(table, index) as AnyRow | undefined });
    if (row === undefined) configuration.delete(table, index);
    else configuration.setAt(table, index, row);
  }
  return inverse.reverse();
}
