import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import { configurationFromJson, configurationToJson } from '../../src/mib/configuration-json.js';
import { siteTable } from '../../src/mib/site-table.js';
import type { RowOf } from '../../src/mib/table.js';
import { configTables } from '../../src/mib/tables.js';
import { arbitraryConfiguration } from './arbitrary-configuration.js';

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

  it('is the same configuration whatever it is thought to be like', () => {
    const subsets = fc.tuple(arbitraryConfiguration, fc.infiniteStream(fc.boolean()), arbitraryConfiguration);
    fc.assert(
      fc.property(subsets, ([configuration, choice, other]) => {
        const like = other.clone();
        for (const table of configTables) {
          for (const { row } of configuration.entries(table)) {
            if (choice.next().value === true) like.set(table, row as never);
          }
        }
        const text = JSON.stringify(configurationToJson(configuration));
        const read = configurationFromJson(JSON.parse(text), like);
        expect(JSON.stringify(configurationToJson(read))).to.equal(text);
        expect(read.digest().equals(configuration.digest())).to.equal(true);
      }),
    );
  });

  it('has the very rows that it is like, whatever comes and goes between them', () => {
    const site = (index: number, name: string): RowOf<typeof siteTable> => ({
      site: index,
      name,
      policy: 'open',
    });
    const like = new Configuration();
    for (const index of [1, 3, 5, 7]) like.set(siteTable, site(index, 'a'));
    const configuration = new Configuration();
    for (const index of [1, 2, 5, 7]) configuration.set(siteTable, site(index, 'a'));
    const read = configurationFromJson(configurationToJson(configuration), like);
    for (const index of [1, 7]) expect(read.get(siteTable, [index])).to.equal(like.get(siteTable, [index]));
    expect(read.rows(siteTable).map(({ site: index }) => index)).to.deep.equal([1, 2, 5, 7]);
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
      // Also where it is thought to be much like it.
      const like = new Configuration();
      like.set(siteTable, { site: 1, name: 'a', policy: 'proxy' });
      expect(() => configurationFromJson(json, like))
        .to.throw()
        .with.property('kind', 'InvalidInput');
      expect(() => configurationFromJson(json))
        .to.throw()
        .with.property('kind', 'InvalidInput');
    });
  }
});
