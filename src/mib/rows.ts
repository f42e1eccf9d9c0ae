import { createHash } from 'node:crypto';
import { tableDigestOf } from './digest.js';
import { oidKey, oidOfKey, oidText } from './oid.js';
import type { AnyRow, Entry, TableDefinition } from './table.js';
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

/** Rows of a table that are held, compared and digested together: all of them, or those of a vif where the table is by vifs. */
export interface Page {
  /** The vif, or nothing where it has all rows of the table. */
  readonly name: string;
  /** In the order of their OIDs. */
  readonly entries: readonly (Entry & KeyedRow)[];
  /** SHA-256 over their canonical form. */
  readonly digest: Buffer;
}

/** A page, with what is computed from it until the next change. */
class OwnPage implements Page {
  /** Whether more than one table has it, so that it stays as it is. */
  isShared = false;
  readonly #rows: Map<string, AnyRow>;
  #entries: readonly KeyedEntry[] | undefined;
  #digest: Buffer | undefined;

  constructor(
    private readonly table: TableDefinition,
    like?: OwnPage,
  ) {
    this.#rows = new Map(like?.rows);
  }

  get name(): string {
    const [field = ''] = Object.keys(this.table.index);
    const [first] = this.#rows.values();
    return this.table.isPaged === true ? String(first?.[field]) : '';
  }

  /** By their keys. */
  get rows(): ReadonlyMap<string, AnyRow> {
    return this.#rows;
  }

  set(key: string, row: AnyRow): void {
    this.#changed();
    this.#rows.set(key, row);
  }

  delete(key: string): void {
    this.#changed();
    this.#rows.delete(key);
  }

  get entries(): readonly KeyedEntry[] {
    return (this.#entries ??= this.#inOrder().map(([key, row]) => new KeyedEntry(key, row)));
  }

  get digest(): Buffer {
    return (this.#digest ??= tableDigestOf(
      this.table,
      this.#inOrder().map(([key, row]) => [oidText(oidOfKey(key)), row] as const),
    ));
  }

  #changed(): void {
    this.#entries = undefined;
    this.#digest = undefined;
  }

  #inOrder(): [key: string, row: AnyRow][] {
    return [...this.#rows].sort(byKey);
  }
}

/** One table's rows. */
export class Rows {
  /** Whether more than one configuration has them, so that they stay as they are. */
  isShared = false;
  #size: number;
  readonly #pages: Map<string, OwnPage>;
  #inOrder: ReadonlyMap<string, Page> | undefined;
  #entries: readonly (Entry & KeyedRow)[] | undefined;
  #digest: Buffer | undefined;

  constructor(
    private readonly table: TableDefinition,
    like?: Rows,
  ) {
    this.#pages = new Map(like === undefined ? [] : like.#pages);
    for (const page of this.#pages.values()) page.isShared = true;
    this.#size = like?.size ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): AnyRow | undefined {
    return this.#pages.get(pageKeyOf(this.table, key))?.rows.get(key);
  }

  set(key: string, row: AnyRow): void {
    const page = this.#toChange(pageKeyOf(this.table, key));
    if (!page.rows.has(key)) this.#size++;
    page.set(key, row);
  }

  delete(key: string): void {
    const pageKey = pageKeyOf(this.table, key);
    if (this.#pages.get(pageKey)?.rows.has(key) !== true) return;
    const page = this.#toChange(pageKey);
    page.delete(key);
    this.#size--;
    if (page.rows.size === 0) this.#pages.delete(pageKey);
  }

  /** Takes a page of other rows in place of the own one. */
  share(pageKey: string, { pages }: { readonly pages: ReadonlyMap<string, Page> }): void {
    const page = pages.get(pageKey);
    if (!(page instanceof OwnPage)) return;
    this.#changed();
    this.#size += page.rows.size - (this.#pages.get(pageKey)?.rows.size ?? 0);
    page.isShared = true;
    this.#pages.set(pageKey, page);
  }

  /** By the beginnings of keys that their rows have in common, in the order of the OIDs. */
  get pages(): ReadonlyMap<string, Page> {
    return (this.#inOrder ??= new Map([...this.#pages].sort(byKey)));
  }

  /** In the order of their OIDs. */
  get entries(): readonly (Entry & KeyedRow)[] {
    return (this.#entries ??= [...this.pages.values()].flatMap(({ entries }) => entries));
  }

  get digest(): Buffer {
    return (this.#digest ??= this.#digestOfPages());
  }

  #digestOfPages(): Buffer {
    const pages = [...this.pages.values()];
    const [first] = pages;
    if (this.table.isPaged !== true && first !== undefined) return first.digest;
    const hash = createHash('sha256');
    for (const { digest } of pages) hash.update(digest);
    return hash.digest();
  }

  /** The page for a change that is made at once: this table's alone. */
  #toChange(pageKey: string): OwnPage {
    this.#changed();
    const known = this.#pages.get(pageKey);
    if (known?.isShared === false) return known;
    const page = new OwnPage(this.table, known);
    this.#pages.set(pageKey, page);
    return page;
  }

  #changed(): void {
    this.#entries = undefined;
    this.#digest = undefined;
    this.#inOrder = undefined;
  }
}

/** The beginning of a row's key that the rows of its page have in common. */
function pageKeyOf({ isPaged }: TableDefinition, key: string): string {
  // The index begins with a name, and that with its length (RFC 2578 section 7.7).
  return isPaged === true ? key.slice(0, 1 + key.charCodeAt(0)) : '';
}

/** The key of the page of that name. */
export function pageKeyOfName({ isPaged, index }: TableDefinition, name: string): string {
  const [first] = Object.values(index);
  return isPaged === true ? oidKey(first?.encode(name) ?? []) : '';
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
