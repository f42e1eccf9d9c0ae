import { expect } from 'chai';
import fc from 'fast-check';
import { configurationFromJson, configurationToJson } from '../../src/mib/configuration-json.js';
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
