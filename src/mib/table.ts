import type { IndexSyntax, Syntax } from './syntax.js';
import type { Oid, SnmpValue } from './value.js';

/** One column. A DEFVAL makes it optional in a SET and silent in the digest. */
export interface Column<T> {
  readonly id: number;
  readonly syntax: Syntax<T>;
  readonly defaultValue?: T;
  /** Whether a row whose value is undefined has no instance here. */
  readonly sparse?: true;
}

export function column<T>(id: number, syntax: Syntax<T>, defaultValue?: NoInfer<T>): Column<T> {
  return defaultValue === undefined ? { id, syntax } : { id, syntax, defaultValue };
}

/** A column of a read-only table that has an instance only where its value is known. */
export function sparseColumn<T>(id: number, syntax: Syntax<T>): Column<T | undefined> {
  // What is undefined is never encoded.
  return { id, syntax: syntax as Syntax<T | undefined>, sparse: true };
}

// `any` here is what lets inference find each column's own type.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type IndexDefinition = Readonly<Record<string, IndexSyntax<any>>>;
export type ColumnDefinition = Readonly<Record<string, Column<any>>>;
type IndexOf<I> = { readonly [K in keyof I]: I[K] extends IndexSyntax<infer T> ? T : never };
type ColumnsOf<C> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A row of any table. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** A conceptual table as data: what RFC 2578 says in a SEQUENCE, an INDEX clause and OBJECT-TYPEs. */
export interface TableDefinition<
  I extends IndexDefinition = IndexDefinition,
  C extends ColumnDefinition = ColumnDefinition,
> {
  /** The prefix of the column names in the MIB, such as `netemuLink`. */
  readonly name: string;
  /** The OID of the entry; a column's instance is entry.column.index. */
  readonly entry: Oid;
  readonly index: I;
  readonly columns: C;
  /** The column of the RowStatus; tables without one are read-only. */
  readonly rowStatus?: number;
  /** Whether rows are held, compared and digested by vifs, with whose name the index begins: of many rows few change at a time. */
  readonly isPaged?: true;
  /** Octets of a cell at most, where they are so many that few cells fill a message. */
  readonly longest?: number;
}

export type RowOf<T> = T extends TableDefinition<infer I, infer C> ? IndexOf<I> & ColumnsOf<C> : never;

export function defineTable<I extends IndexDefinition, C extends ColumnDefinition>(
  definition: TableDefinition<I, C>,
): TableDefinition<I, C> {
  return definition;
}

/** A row with the sub-identifiers that name it. */
export interface Entry {
  readonly index: Oid;
  readonly row: AnyRow;
}

/** The sub-identifiers that name a row in its table. */
export function encodeIndex(table: TableDefinition, row: AnyRow): Oid {
  const oid: number[] = [];
  // Without a list in between: each row of each table comes by here.
  for (const key in table.index) {
    for (const subid of table.index[key]?.encode(row[key]) ?? []) oid.push(subid);
  }
  return oid;
}

/** The index fields of a row. */
export function keyOf(table: TableDefinition, row: AnyRow): AnyRow {
  return Object.fromEntries(Object.keys(table.index).map((key) => [key, row[key]]));
}

/** The index fields of a row from its sub-identifiers; undefined if they name no possible row. */
export function decodeIndex(table: TableDefinition, index: Oid): AnyRow | undefined {
  const row: Record<string, unknown> = {};
  let rest = index;
  for (const [key, syntax] of Object.entries(table.index)) {
    const part = syntax.decode(rest);
    if (part === undefined) return undefined;
    row[key] = part.value;
    rest = part.rest;
  }
  return rest.length === 0 ? row : undefined;
}

/** A cell as it crosses the wire. */
export interface Cell {
  readonly columnId: number;
  readonly value: SnmpValue;
  /** Whether the value is the column's DEFVAL. */
  readonly isDefault: boolean;
}

/** The cells of a row in the order of their columns, the RowStatus left out. */
export function encodeColumns(table: TableDefinition, row: AnyRow): Cell[] {
  return Object.entries(table.columns)
    .map(([key, { id, syntax, defaultValue }]) => ({
      columnId: id,
      value: syntax.encode(row[key]),
      isDefault: row[key] === defaultValue,
    }))
    .sort((a, b) => a.columnId - b.columnId);
}

/** The values that a row has where nothing else is said (DEFVAL). */
export function defaultsOf<C extends ColumnDefinition>({
  columns,
}: {
  readonly columns: C;
}): Partial<ColumnsOf<C>> {
  const values = Object.entries(columns).flatMap(([name, { defaultValue }]) =>
    defaultValue === undefined ? [] : [[name, defaultValue as unknown] as const],
  );
  return Object.fromEntries(values) as Partial<ColumnsOf<C>>;
}

/** The name and definition of a column by its number. */
export function columnById(
  table: TableDefinition,
  id: number,
): readonly [string, Column<unknown>] | undefined {
  return Object.entries(table.columns).find(([, definition]) => definition.id === id);
}
