import { canonicalForm, digestOf } from './digest.js';
import { compareOids, oidText } from './oid.js';
import { encodeIndex, type Entry, type RowOf, type TableDefinition } from './table.js';
import type { Oid } from './value.js';

/** One table's rows, with what is computed from them until the next change. */
class Rows {
  readonly byIndex: Map<string, Entry>;
  /** Whether more than one configuration has them, so that they stay as they are. */
  isShared = false;
  #sorted: readonly Entry[] | undefined;
  #canonicalForm: Buffer | undefined;

  constructor(
    private readonly table: TableDefinition,
    entries: Iterable<readonly [string, Entry]> = [],
  ) {
    this.byIndex = new Map(entries);
  }

  changed(): void {
    this.#sorted = undefined;
    this.#canonicalForm = undefined;
  }

  get sorted(): readonly Entry[] {
    return (this.#sorted ??= [...this.byIndex.values()].sort((a, b) => compareOids(a.index, b.index)));
  }

  /** Of rows that one configuration has it is needed once, for its digest. */
  get canonicalForm(): Buffer {
    if (!this.isShared) return canonicalForm(this.table, this.sorted);
    return (this.#canonicalForm ??= canonicalForm(this.table, this.sorted));
  }
}

const NO_LINES = Buffer.alloc(0);

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
    this.#toChange(table).byIndex.set(oidText(index), { index, row: row });
  }

  get<T extends TableDefinition>(table: T, index: Oid): RowOf<T> | undefined {
    return this.#tables.get(table)?.byIndex.get(oidText(index))?.row as RowOf<T> | undefined;
  }

  delete(table: TableDefinition, index: Oid): void {
    const key = oidText(index);
    if (this.#tables.get(table)?.byIndex.has(key) === true) this.#toChange(table).byIndex.delete(key);
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

  /** The lines of a table that the digest is taken of. */
  canonicalForm(table: TableDefinition): Buffer {
    return this.#tables.get(table)?.canonicalForm ?? NO_LINES;
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
    return rows;
  }
}
