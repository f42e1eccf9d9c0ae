import type { Configuration, Page } from './configuration.js';
import { expectRecord, unreadable } from './configuration-json.js';
import type { TableDefinition } from './table.js';
import { INTERFACE_NAME } from './syntax.js';
import { configTables } from './tables.js';

/** More rows than an agent takes in all. */
const MOST_ROWS = 1_000_000;

/** A page of a configuration without its rows. */
export interface ListedPage {
  readonly table: TableDefinition;
  /** What it has the rows of: a vif, or nothing where it has all rows of the table. */
  readonly name: string;
  readonly digest: Buffer;
  /** How many rows it has. */
  readonly rows: number;
}

/** The pages of a configuration in their order: of its tables, and within these of the OIDs of their rows. */
export function pagesOf(
  configuration: Configuration,
): { readonly table: TableDefinition; readonly page: Page }[] {
  return configTables.flatMap((table) =>
    [...configuration.pages(table).values()].map((page) => ({ table, page })),
  );
}

/** Lists the pages as plain data: for each table the name, digest and number of rows of each. */
export function pageListToJson(configuration: Configuration): unknown {
  return Object.fromEntries(
    configTables.flatMap((table) => {
      const pages = [...configuration.pages(table).values()];
      if (pages.length === 0) return [];
      return [
        [
          table.name,
          pages.map(({ name, digest, entries }) => [name, digest.toString('hex'), entries.length]),
        ],
      ];
    }),
  );
}

/** The reverse of {@link pageListToJson}. @throws NetmgrError `InvalidInput` */
export function pageListFromJson(json: unknown): ListedPage[] {
  const tables = expectRecord(json, 'a list of pages');
  const known = configTables.filter(({ name }) => Object.hasOwn(tables, name));
  if (known.length < Object.keys(tables).length)
    throw unreadable('a list of pages has a table that is unknown');
  return known.flatMap((table) => {
    const pages = tables[table.name];
    if (!Array.isArray(pages)) throw unreadable(`the pages of ${table.name} are no list`);
    const listed = pages.map((page) => listedPage(table, page));
    if (new Set(listed.map(({ name }) => name)).size < listed.length)
      throw unreadable(`a page of ${table.name} is listed twice`);
    return listed;
  });
}

function listedPage(table: TableDefinition, json: unknown): ListedPage {
  const [name, digest, rows] = (Array.isArray(json) ? json : []) as unknown[];
  const isNamed =
    typeof name === 'string' && (table.isPaged === true ? INTERFACE_NAME.test(name) : name === '');
  const isDigest = typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
  const isCount = typeof rows === 'number' && Number.isInteger(rows) && rows > 0 && rows <= MOST_ROWS;
  if (!isNamed || !isDigest || !isCount)
    throw unreadable(`a page of ${table.name} is no name, digest and number of rows`);
  return { table, name, digest: Buffer.from(digest, 'hex'), rows };
}
