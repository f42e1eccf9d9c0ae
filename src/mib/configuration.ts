import { digestOf } from './digest.js';
import { oidKey } from './oid.js';
import { pageKeyOfName, Rows, type KeyedRow, type Page } from './rows.js';
import { encodeIndex, type AnyRow, type Entry, type RowOf, type TableDefinition } from './table.js';
import type { Oid } from './value.js';

export type { KeyedRow, Page };

const NO_PAGES: ReadonlyMap<string, Page> = new Map();

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
    this.#toChange(table).set(key, row);
  }

  get<T extends TableDefinition>(table: T, index: Oid): RowOf<T> | undefined {
    return this.#tables.get(table)?.get(oidKey(index)) as RowOf<T> | undefined;
  }

  delete(table: TableDefinition, index: Oid): void {
    const key = oidKey(index);
    if (this.#tables.get(table)?.get(key) !== undefined) this.#toChange(table).delete(key);
  }

  /** The rows of a table in the order of their OIDs. */
  rows<T extends TableDefinition>(table: T): RowOf<T>[] {
    return this.entries(table).map(({ row }) => row as RowOf<T>);
  }

  /** The rows of a table with their indices, and a text for each of these, in the order of their OIDs. */
  entries(table: TableDefinition): readonly (Entry & KeyedRow)[] {
    return this.#tables.get(table)?.entries ?? [];
  }

  /** The pages of a table by their keys, in the order of the OIDs. What two configurations have of the same page is the same object until one changes it. */
  pages(table: TableDefinition): ReadonlyMap<string, Page> {
    return this.#tables.get(table)?.pages ?? NO_PAGES;
  }

  /** The page of a table with that name. */
  page(table: TableDefinition, name: string): Page | undefined {
    return this.pages(table).get(pageKeyOfName(table, name));
  }

  /** The rows of a table that is by vifs which are about one of these, in the order of their OIDs. */
  rowsOf<T extends TableDefinition>(table: T, vif: string): RowOf<T>[] {
    return (this.page(table, vif)?.entries ?? []).map(({ row }) => row as RowOf<T>);
  }

  /** Another number after each change. */
  get revision(): number {
    return this.#revision;
  }

  /** Has a page of another configuration, which has one of that name, in place of its own. */
  share(table: TableDefinition, name: string, other: Configuration): void {
    const rows = other.#tables.get(table);
    if (rows !== undefined) this.#toChange(table).share(pageKeyOfName(table, name), rows);
  }

  /** The number of rows of all tables. */
  get size(): number {
    return [...this.#tables.values()].reduce((sum, rows) => sum + rows.size, 0);
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
    return rows === undefined || rows.size === 0 ? undefined : rows.digest;
  }

  /** The rows of a table for a change that is made at once: this configuration's alone. */
  #toChange(table: TableDefinition): Rows {
    let rows = this.#tables.get(table);
    if (rows === undefined || rows.isShared) {
      rows = new Rows(table, rows);
      this.#tables.set(table, rows);
    }
    this.#digest = undefined;
    this.#revision++;
    return rows;
  }
}
