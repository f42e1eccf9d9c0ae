import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import { configurationFromJson, configurationToJson } from '../../src/mib/configuration-json.js';
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

const arbitraryConfiguration = fc
  .tuple(...configTables.map((table) => fc.array(arbitraryRow(table), { maxLength: 4 })))
  .map((tables) => {
    const configuration = new Configuration();
    tables.forEach((rows, i) => {
      const table = configTables[i];
      for (const row of table === undefined ? [] : rows) configuration.set(table as never, row as never);
    });
    return configuration;
  });

describe('a configuration as plain data', () => {
  it('is the same configuration when it is read again', () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        const text = JSON.stringify(configurationToJson(configuration));
        const read = configurationFromJson(JSON.parse(text));
        expect(read.size).to.equal(configuration.size);
        expect(read.digest().equals(configuration.digest())).to.equal(true);
      }),
    );
  });

  it('takes the DEFVAL of a column that an earlier version did not have', () => {
    const read = configurationFromJson({ netemuSite: [{ site: 1, name: 'a' }] });
    expect(JSON.stringify(configurationToJson(read))).to.equal('{"netemuSite":[{"site":1,"name":"a"}]}');
  });

  for (const [what, json] of [
    ['no object', []],
    ['a table of a later version', { netemuQueue: [] }],
    ['a column of a later version', { netemuSite: [{ site: 1, name: 'a', colour: 'red' }] }],
    ['no list of rows', { netemuSite: {} }],
    ['an index that cannot be', { netemuVif: [{ vif: 7, vmName: 'vm1' }] }],
    ['a value that cannot be', { netemuSite: [{ site: 1, name: 'a', policy: 'none' }] }],
    ['a value of another type', { netemuProfile: [{ index: 1, bandwidth: 'fast' }] }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => configurationFromJson(json))
        .to.throw()
        .with.property('kind', 'InvalidInput');
    });
  }
});
