import type { Configuration, Page } from './configuration.js';
import { berContents } from './ber-contents.js';
import { encodeColumns, type AnyRow, type TableDefinition } from './table.js';
import { configTables } from './tables.js';

/** A row that differs between two configurations. */
export interface RowDifference {
  readonly table: TableDefinition;
  /** Undefined: the row is new. */
  readonly before: AnyRow | undefined;
  /** Undefined: the row goes away. */
  readonly after: AnyRow | undefined;
}

/** What must change for `before` to become `after`, in the order of the tables. @param tables default: all */
export function diffConfigurations(
  before: Configuration,
  after: Configuration,
  tables: readonly TableDefinition[] = configTables,
): RowDifference[] {
  return tables.flatMap((table) => {
    const [old, now] = [before.pages(table), after.pages(table)];
    const gone = [...old].filter(([key]) => !now.has(key));
    return [
      ...[...now].map(([key, page]) => diffPages(table, old.get(key) ?? NOTHING, page)),
      ...gone.map(([, page]) => diffPages(table, page, NOTHING)),
    ].flat();
  });
}

type PageRows = Pick<Page, 'entries'>;
const NOTHING: PageRows = { entries: [] };

function diffPages(table: TableDefinition, before: PageRows, after: PageRows): RowDifference[] {
  if (before === after) return [];
  const rest = new Map(before.entries.map(({ key, row }) => [key, row] as const));
  const differences: RowDifference[] = [];
  for (const { key, row } of after.entries) {
    const old = rest.get(key);
    rest.delete(key);
    if (old === undefined || !sameRow(table, old, row)) differences.push({ table, before: old, after: row });
  }
  for (const row of rest.values()) differences.push({ table, before: row, after: undefined });
  return differences;
}

/** Whether two rows of a table say the same on the wire. */
export function sameRow(table: TableDefinition, a: AnyRow, b: AnyRow): boolean {
  if (a === b) return true;
  // Of many rows most are the same, and what is identical is encoded alike.
  if (Object.keys(table.columns).every((key) => a[key] === b[key])) return true;
  const cellsOfB = encodeColumns(table, b);
  return encodeColumns(table, a).every(({ value }, i) => {
    const other = cellsOfB[i];
    return other !== undefined && berContents(value).equals(berContents(other.value));
  });
}
