import { NetmgrError } from '../errors.js';
import { Configuration, type KeyedRow } from './configuration.js';
import { oidKey } from './oid.js';
import { decodeIndex, encodeIndex, type AnyRow, type Entry, type TableDefinition } from './table.js';
import { configTables } from './tables.js';
import type { Oid } from './value.js';

/** A configuration as plain data: for each table its rows, without the columns that hold their DEFVAL. */
export type ConfigurationJson = Readonly<Record<string, readonly AnyRow[]>>;

/** The configuration as plain data. */
export function configurationToJson(configuration: Configuration): ConfigurationJson {
  return Object.fromEntries(
    configTables.flatMap((table) => {
      const rows = configuration.rows(table);
      return rows.length === 0 ? [] : [[table.name, rows.map((row) => withoutDefaults(table, row))] as const];
    }),
  );
}

export function withoutDefaults(table: TableDefinition, row: AnyRow): AnyRow {
  const { columns } = table;
  const told: Record<string, unknown> = {};
  for (const key in row) if (columns[key]?.defaultValue !== row[key]) told[key] = row[key];
  return told;
}

/**
 * The reverse of {@link configurationToJson}. Columns that are not there take their DEFVAL, so that what an earlier
 * version wrote can be read.
 *
 * @param like what it may be for the most part: rows that say the same are taken from there, in a tenth of the time
 * @throws NetmgrError `InvalidInput` for what is no configuration, or has tables or columns that this version does
 *   not know
 */
export function configurationFromJson(json: unknown, like = new Configuration()): Configuration {
  const configuration = new Configuration();
  const alike = new RowsInOrder(like);
  readTables(json, (table, cells) => {
    const same = alike.next(table, cells);
    if (same !== undefined) {
      configuration.add(table, same);
      return;
    }
    const { index, row } = readRow(table, cells);
    configuration.setAt(table, index, row);
    alike.passed(table, index);
  });
  return configuration;
}

/** The rows of a configuration, gone through in step with those of plain data: both are in the order of their OIDs. */
class RowsInOrder {
  readonly #at = new Map<TableDefinition, number>();

  constructor(private readonly configuration: Configuration) {}

  /** The row that comes next in a table, if it is what plain data says. */
  next(table: TableDefinition, cells: unknown): KeyedRow | undefined {
    const at = this.#at.get(table) ?? 0;
    const entry = this.configuration.entries(table)[at];
    if (entry === undefined || !saysTheSame(table, cells, entry.row)) return undefined;
    this.#at.set(table, at + 1);
    return entry;
  }

  /** Goes on behind a row that was another. */
  passed(table: TableDefinition, index: Oid): void {
    const entries = this.configuration.entries(table);
    const key = oidKey(index);
    let at = this.#at.get(table) ?? 0;
    for (let entry = entries[at]; entry !== undefined && entry.key <= key; entry = entries[at]) at++;
    this.#at.set(table, at);
  }
}

/** Whether plain data has the cells of a row and no others. Whatever else it may be, it is not that row. */
function saysTheSame({ columns }: TableDefinition, cells: unknown, row: AnyRow): boolean {
  if (typeof cells !== 'object' || cells === null) return false;
  const told = cells as AnyRow;
  for (const key in told) if (!Object.hasOwn(row, key)) return false;
  for (const key in row) {
    const value: unknown = Object.hasOwn(told, key) ? told[key] : columns[key]?.defaultValue;
    if (value !== row[key]) return false;
  }
  return true;
}

/** Goes through the rows of plain data, table by table. @throws NetmgrError `InvalidInput` */
export function readTables(json: unknown, visit: (table: TableDefinition, row: unknown) => void): void {
  for (const [name, rows] of Object.entries(expectRecord(json, 'a configuration'))) {
    const table = configTables.find((candidate) => candidate.name === name);
    if (table === undefined) throw unreadable(`the table ${name} is unknown`);
    if (!Array.isArray(rows)) throw unreadable(`${name} is no list of rows`);
    for (const row of rows) visit(table, row);
  }
}

/** A row of plain data, with its index. @throws NetmgrError `InvalidInput` */
export function readRow(table: TableDefinition, json: unknown): Entry {
  const cells = expectCells(table, json);
  const row: Record<string, unknown> = {};
  for (const key in table.index) row[key] = cells[key];
  for (const key in table.columns) row[key] = cells[key] ?? table.columns[key]?.defaultValue;
  for (const key in cells)
    if (!Object.hasOwn(row, key)) throw unreadable(`${table.name} has no column ${key}`);
  const index = possibleIndex(table, row);
  if (index === undefined || !arePossible(table, row)) throw impossible(table, cells);
  return { index, row };
}

/** The index of a row of plain data that has nothing else. @throws NetmgrError `InvalidInput` */
export function readIndex(table: TableDefinition, json: unknown): Oid {
  const cells = expectCells(table, json);
  const index = possibleIndex(table, cells);
  if (index === undefined || Object.keys(cells).some((key) => !Object.hasOwn(table.index, key)))
    throw impossible(table, cells);
  return index;
}

/** The index of a row if that is the same after its way over the wire, which admits what the MIB admits. */
function possibleIndex(table: TableDefinition, row: AnyRow): Oid | undefined {
  try {
    const index = encodeIndex(table, row);
    const key = decodeIndex(table, index);
    for (const name in table.index) if (key?.[name] !== row[name]) return undefined;
    return index;
  } catch {
    return undefined;
  }
}

/** The same of the columns. */
function arePossible({ columns }: TableDefinition, row: AnyRow): boolean {
  try {
    for (const name in columns) {
      const syntax = columns[name]?.syntax;
      if (syntax?.decode(syntax.encode(row[name])) !== row[name]) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** No value of a row has values inside, whatever a syntax would make of such a one. */
function expectCells(table: TableDefinition, json: unknown): AnyRow {
  const cells = expectRecord(json, `a row of ${table.name}`);
  for (const key in cells) {
    if (!['string', 'number', 'boolean'].includes(typeof cells[key]))
      throw unreadable(`${key.slice(0, 50)} of a row of ${table.name} is no value`);
  }
  return cells;
}

export function expectRecord(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw unreadable(`${what} is missing`);
}

const impossible = (table: TableDefinition, cells: AnyRow): NetmgrError =>
  unreadable(`a row of ${table.name} cannot be: ${JSON.stringify(cells).slice(0, 500)}`);

export function unreadable(message: string): NetmgrError {
  return new NetmgrError({ kind: 'InvalidInput', message });
}
