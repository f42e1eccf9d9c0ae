import { NetmgrError } from '../errors.js';
import { Configuration } from './configuration.js';
import { decodeIndex, encodeIndex, type AnyRow, type TableDefinition } from './table.js';
import { configTables } from './tables.js';

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

function withoutDefaults(table: TableDefinition, row: AnyRow): AnyRow {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([key, value]) => !(key in table.columns) || table.columns[key]?.defaultValue !== value,
    ),
  );
}

/**
 * The reverse of {@link configurationToJson}. Columns that are not there take their DEFVAL, so that what an earlier
 * version wrote can be read.
 *
 * @throws NetmgrError `InvalidInput` for what is no configuration, or has tables or columns that this version does
 *   not know
 */
export function configurationFromJson(json: unknown): Configuration {
  const configuration = new Configuration();
  for (const [name, rows] of Object.entries(expectRecord(json, 'a configuration'))) {
    const table = configTables.find((candidate) => candidate.name === name);
    if (table === undefined) throw unreadable(`the table ${name} is unknown`);
    if (!Array.isArray(rows)) throw unreadable(`${name} is no list of rows`);
    for (const row of rows) configuration.set(table, readRow(table, row) as never);
  }
  return configuration;
}

function readRow(table: TableDefinition, json: unknown): AnyRow {
  const cells = expectRecord(json, `a row of ${table.name}`);
  const row: Record<string, unknown> = {};
  for (const key of Object.keys(table.index)) row[key] = cells[key];
  for (const [key, { defaultValue }] of Object.entries(table.columns)) row[key] = cells[key] ?? defaultValue;
  const unknown = Object.keys(cells).find((key) => !(key in row));
  if (unknown !== undefined) throw unreadable(`${table.name} has no column ${unknown}`);
  if (!isPossible(table, row)) throw unreadable(`a row of ${table.name} cannot be: ${JSON.stringify(cells)}`);
  return row;
}

/** Whether the row is the same after its way over the wire, which admits what the MIB admits. */
function isPossible(table: TableDefinition, row: AnyRow): boolean {
  try {
    const key = decodeIndex(table, encodeIndex(table, row)) ?? {};
    return (
      Object.keys(table.index).every((name) => key[name] === row[name]) &&
      Object.entries(table.columns).every(
        ([name, { syntax }]) => syntax.decode(syntax.encode(row[name])) === row[name],
      )
    );
  } catch {
    return false;
  }
}

function expectRecord(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw unreadable(`${what} is missing`);
}

function unreadable(message: string): NetmgrError {
  return new NetmgrError({ kind: 'InvalidInput', message });
}
