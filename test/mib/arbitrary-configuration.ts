import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import type { Syntax } from '../../src/mib/syntax.js';
import type { AnyRow, Column, TableDefinition } from '../../src/mib/table.js';
import { configTables } from '../../src/mib/tables.js';
import { arbitraryKey } from '../units/arbitrary-row.js';

/** A cell: its DEFVAL, or another value that its syntax admits. */
function arbitraryCell({ syntax, defaultValue }: Column<unknown>): fc.Arbitrary<unknown> {
  const values: fc.Arbitrary<unknown> =
    'labels' in syntax
      ? fc.constantFrom(...Object.keys(syntax.labels as object))
      : syntax.type === 'Gauge32'
        ? fc.nat(1).filter((value) => admits(syntax, value))
        : syntax.type === 'Integer32'
          ? fc.constantFrom<unknown>(true, false, 6, 17).filter((value) => admits(syntax, value))
          : fc
              .constantFrom('', 'vm1', '02:00:00:00:00:01', '10.0.0.1')
              .filter((value) => admits(syntax, value));
  return defaultValue === undefined ? values : fc.oneof(fc.constant(defaultValue), values);
}

function admits(syntax: Syntax<unknown>, value: unknown): boolean {
  try {
    return syntax.decode(syntax.encode(value)) === value;
  } catch {
    return false;
  }
}

function arbitraryRow(table: TableDefinition): fc.Arbitrary<AnyRow> {
  const cells = Object.entries(table.columns).map(([key, column]) => [key, arbitraryCell(column)] as const);
  return fc
    .tuple(arbitraryKey(table), fc.record(Object.fromEntries(cells)))
    .map(([key, row]) => ({ ...key, ...row }));
}

/** Some rows of each table. */
export const arbitraryConfiguration = fc
  .tuple(...configTables.map((table) => fc.array(arbitraryRow(table), { maxLength: 4 })))
  .map((tables) => {
    const configuration = new Configuration();
    tables.forEach((rows, i) => {
      const table = configTables[i];
      for (const row of table === undefined ? [] : rows) configuration.set(table as never, row as never);
    });
    return configuration;
  });
