import { compareOids, oidSuffix } from '../../mib/oid.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import type { Syntax } from '../../mib/syntax.js';
import type { AnyRow, Entry, TableDefinition } from '../../mib/table.js';
import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { NoValue, ObjectSource } from './object-source.js';

interface ReadableColumn {
  readonly id: number;
  /** Undefined: the row has no instance of it. */
  readonly read: (row: AnyRow) => SnmpValue | undefined;
}

/** A table, answered from the sorted entries that `entries` returns. */
export class TableSource implements ObjectSource {
  readonly prefix: Oid;
  readonly #columns: readonly ReadableColumn[];
  readonly #entries: () => readonly Entry[];

  constructor(table: TableDefinition, entries: () => readonly Entry[]) {
    this.prefix = table.entry;
    this.#entries = entries;
    const columns: ReadableColumn[] = Object.entries(table.columns).map(([key, { id, syntax, sparse }]) => ({
      id,
      read: (row) =>
        sparse === true && row[key] === undefined ? undefined : (syntax as Syntax<unknown>).encode(row[key]),
    }));
    if (table.rowStatus !== undefined) {
      columns.push({ id: table.rowStatus, read: () => ({ type: 'Integer32', value: ROW_STATUS.active }) });
    }
    this.#columns = columns.sort((a, b) => a.id - b.id);
  }

  get(oid: Oid): SnmpValue | NoValue {
    const [columnId, ...index] = oidSuffix(oid, this.prefix) ?? [];
    const column = this.#columns.find(({ id }) => id === columnId);
    if (column === undefined) return 'noSuchObject';
    const entries = this.#entries();
    const entry = entries[firstFrom(entries, index, true)];
    return entry !== undefined && compareOids(entry.index, index) === 0
      ? (column.read(entry.row) ?? 'noSuchInstance')
      : 'noSuchInstance';
  }

  next(oid: Oid, include: boolean): VarBind | undefined {
    const entries = this.#entries();
    const suffix = oidSuffix(oid, this.prefix);
    // Before the table: its first cell. After it: none.
    if (suffix === undefined && compareOids(oid, this.prefix) > 0) return undefined;
    const [wanted = 0, ...index] = suffix ?? [];
    for (const column of this.#columns) {
      if (column.id < wanted) continue;
      for (let at = column.id === wanted ? firstFrom(entries, index, include) : 0; ; at++) {
        const entry = entries[at];
        if (entry === undefined) break;
        const value = column.read(entry.row);
        if (value !== undefined) return { oid: [...this.prefix, column.id, ...entry.index], value };
      }
    }
    return undefined;
  }
}

/** The place of the first entry after `index`, or at it if `include`, by binary search. */
function firstFrom(entries: readonly Entry[], index: Oid, include: boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareOids(entries[middle]?.index ?? [], index);
    if (order < 0 || (order === 0 && !include)) low = middle + 1;
    else high = middle;
  }
  return low;
}
