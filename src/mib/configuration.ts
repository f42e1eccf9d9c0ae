import { digestOf, tableDigestOf } from './digest.js';
import { oidKey, oidOfKey, oidText } from './oid.js';
import { encodeIndex, type AnyRow, type Entry, type RowOf, type TableDefinition } from './table.js';
import type { Oid } from './value.js';

/** A row with what {@link oidKey} makes of its index. */
export interface KeyedRow {
  readonly key: string;
  readonly row: AnyRow;
}

/** A row with its index, which is made of its key when it is asked for: of a hundred thousand rows the indices alone take 20 MB. */
class KeyedEntry implements Entry, KeyedRow {
  constructor(
    /** By what {@link oidKey} makes of the index. */
    readonly key: string,
    readonly row: AnyRow,
  ) {}

  get index(): Oid {
    return oidOfKey(this.key);
  }
}

/** One table's rows, with what is computed from them until the next change. */
class Rows {
  /** By what {@link oidKey} makes of their indices. */
  readonly byIndex: Map<string, AnyRow>;
  /** Whether more than one configuration has them, so that they stay as they are. */
  isShared = false;
  #sorted: readonly KeyedEntry[] | undefined;
  #digest: Buffer | undefined;

  constructor(
    private readonly table: TableDefinition,
    rows: Iterable<readonly [string, AnyRow]> = [],
  ) {
    this.byIndex = new Map(rows);
  }

  changed(): void {
    this.#sorted = undefined;
    this.#digest = undefined;
  }

  get sorted(): readonly KeyedEntry[] {
    return (this.#sorted ??= this.#inOrder().map(([key, row]) => new KeyedEntry(key, row)));
  }

  get digest(): Buffer {
    return (this.#digest ??= tableDigestOf(
      this.table,
      this.#inOrder().map(([key, row]) => [oidText(oidOfKey(key)), row] as const),
    ));
  }

  #inOrder(): [key: string, row: AnyRow][] {
    return [...this.byIndex].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/**
 * The active rows of the configuration tables of one host: what the manager wants, or an agent's candidate
 * or running configuration.
 */
export class Configuration {
  readonly #tables = new Map<TableDefinition, Rows>();
  #digest: Buffer | undefined;
  #revision = 0;

  /** Adds the row, or takes its place. */
  set<T extends TableDefinition>(table: T, row: RowOf<T>): void {
    this.setAt(table, encodeIndex(table, row), row);
  }

  /** The same for a row whose index is known. */
  setAt(table: TableDefinition, index: Oid, row: AnyRow): void {
    this.add(table, { key: oidKey(index), row });
  }

  /** The same for a row of another configuration. */
  add(table: TableDefinition, { key, row }: KeyedRow): void {
    this.#toChange(table).byIndex.set(key, row);
  }

  get<T extends TableDefinition>(table: T, index: Oid): RowOf<T> | undefined {
    return this.#tables.get(table)?.byIndex.get(oidKey(index)) as RowOf<T> | undefined;
  }

  delete(table: TableDefinition, index: Oid): void {
    const key = oidKey(index);
    if (this.#tables.get(table)?.byIndex.has(key) === true) this.#toChange(table).byIndex.delete(key);
  }

  /** The rows of a table in the order of their OIDs. */
  rows<T extends TableDefinition>(table: T): RowOf<T>[] {
    return this.entries(table).map(({ row }) => row as RowOf<T>);
  }

  /** The rows of a table with their indices, and a text for each of these, in the order of their OIDs. */
  entries(table: TableDefinition): readonly (Entry & KeyedRow)[] {
    return this.#tables.get(table)?.sorted ?? [];
  }

  /** Another number after each change. */
  get revision(): number {
    return this.#revision;
  }

  /** The number of rows of all tables. */
  get size(): number {
    return [...this.#tables.values()].reduce((sum, rows) => sum + rows.byIndex.size, 0);
  }

  /** An independent copy; rows are immutable, and tables shared until one of the two changes them. */
  clone(): Configuration {
    const copy = new Configuration();
    for (const [table, rows] of this.#tables) {
      rows.isShared = true;
      copy.#tables.set(table, rows);
    }
    copy.#digest = this.#digest;
    return copy;
  }

  /** NetemuDigest of the configuration: 32 octets. */
  digest(): Buffer {
    return (this.#digest ??= digestOf(this));
  }

  /** What the rows of a table add to the digest; undefined if it has none. */
  tableDigest(table: TableDefinition): Buffer | undefined {
    const rows = this.#tables.get(table);
    return rows === undefined || rows.byIndex.size === 0 ? undefined : rows.digest;
  }

  /** The rows of a table for a change that is made at once: this configuration's alone. */
  #toChange(table: TableDefinition): Rows {
    let rows = this.#tables.get(table);
    if (rows === undefined || rows.isShared) {
      rows = new Rows(table, rows?.byIndex);
      this.#tables.set(table, rows);
    }
    rows.changed();
    this.#digest = undefined;
    this.#revision++;
    return rows;
  }
}
