import { digestOf } from './digest.js';
import { compareOids, oidText } from './oid.js';
import { encodeIndex, type Entry, type RowOf, type TableDefinition } from './table.js';
import type { Oid } from './value.js';

/** One table's rows, with what is computed from them until the next change. */
class Rows {
  readonly byIndex: Map<string, Entry>;
  #sorted: readonly Entry[] | undefined;

  constructor(entries: Iterable<readonly [string, Entry]> = []) {
    this.byIndex = new Map(entries);
  }

  changed(): void {
    this.#sorted = undefined;
  }

  get sorted(): readonly Entry[] {
    return (this.#sorted ??= [...this.byIndex.values()].sort((a, b) => compareOids(a.index, b.index)));
  }
}

/**
 * The active rows of the configuration tables of one host: what the manager wants, or an agent's candidate
 * or running configuration.
 */
export class Configuration {
  readonly #tables = new Map<TableDefinition, Rows>();
  #digest: Buffer | undefined;

  /** Adds the row, or takes its place. */
  set<T extends TableDefinition>(table: T, row: RowOf<T>): void {
    const index = encodeIndex(table, row);
    let rows = this.#tables.get(table);
    if (rows === undefined) this.#tables.set(table, (rows = new Rows()));
    rows.byIndex.set(oidText(index), { index, row: row });
    this.#changed(rows);
  }

  get<T extends TableDefinition>(table: T, index: Oid): RowOf<T> | undefined {
    return this.#tables.get(table)?.byIndex.get(oidText(index))?.row as RowOf<T> | undefined;
  }

  delete(table: TableDefinition, index: Oid): void {
    const rows = this.#tables.get(table);
    if (rows?.byIndex.delete(oidText(index)) === true) this.#changed(rows);
  }

  /** The rows of a table in the order of their OIDs. */
  rows<T extends TableDefinition>(table: T): RowOf<T>[] {
    return this.entries(table).map(({ row }) => row as RowOf<T>);
  }

  /** The rows of a table with their indices, in the order of their OIDs. */
  entries(table: TableDefinition): readonly Entry[] {
    return this.#tables.get(table)?.sorted ?? [];
  }

  /** The number of rows of all tables. */
  get size(): number {
    return [...this.#tables.values()].reduce((sum, rows) => sum + rows.byIndex.size, 0);
  }

  /** An independent copy; rows are immutable and shared. */
  clone(): Configuration {
    const copy = new Configuration();
    for (const [table, rows] of this.#tables) copy.#tables.set(table, new Rows(rows.byIndex));
    copy.#digest = this.#digest;
    return copy;
  }

  /** NetemuDigest of the configuration: 32 octets. */
  digest(): Buffer {
    return (this.#digest ??= digestOf(this));
  }

  #changed(rows: Rows): void {
    rows.changed();
    this.#digest = undefined;
  }
}
