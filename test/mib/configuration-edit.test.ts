import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import { packEdits, unpackEdit, type EditedRow } from '../../src/mib/configuration-edit.js';
import { linkTable } from '../../src/mib/link-table.js';
import { configTables } from '../../src/mib/tables.js';
import { arbitraryConfiguration } from './arbitrary-configuration.js';

/** Octets of netemuCfgEdit that a manager sends at a time, and of the text in it that an agent takes. */
const MOST_OCTETS = 16_384;
const LONGEST_TEXT = 1_048_576;

const editsOf = (configuration: Configuration, isRemoved: boolean): EditedRow[] =>
  configTables.flatMap((table) => configuration.entries(table).map(({ row }) => ({ table, row, isRemoved })));

function changed(configuration: Configuration, values: readonly Uint8Array[]): Configuration {
  const copy = configuration.clone();
  for (const { table, index, row } of values.flatMap(unpackEdit)) {
    if (row === undefined) copy.delete(table, index);
    else copy.setAt(table, index, row);
  }
  return copy;
}

const packed = (json: unknown): Buffer => deflateSync(JSON.stringify(json));

describe('changes of many rows in one value', () => {
  it('make of a configuration what they say', () => {
    fc.assert(
      fc.property(arbitraryConfiguration, arbitraryConfiguration, (before, after) => {
        const made = changed(before, packEdits([...editsOf(before, true)]));
        expect(made.size).to.equal(0);
        const both = changed(made, packEdits(editsOf(after, false)));
        expect(both.digest().equals(after.digest())).to.equal(true);
      }),
    );
  });

  it('are in as many values as their bounds ask for', () => {
    const edits = Array.from({ length: 20_000 }, (_, i): EditedRow => {
      const peer = `10.${String(i % 200)}.${String(i >> 8)}.${String(i & 255)}`;
      // Numbers without a pattern, and then many that are alike.
      const profile = i < 10_000 ? (i * 2_654_435_761) % 4_294_967_295 : 1;
      return {
        table: linkTable,
        row: { vif: `vif${String(i)}`, peer, peerPrefixLength: 32, profile, group: 0 },
        isRemoved: false,
      };
    });
    const values = packEdits(edits);
    expect(values.length).to.be.greaterThan(1);
    for (const value of values) expect(value.length).to.be.at.most(MOST_OCTETS);
    expect(changed(new Configuration(), values).size).to.equal(edits.length);
    expect(packEdits([])).to.deep.equal([]);
  });

  it('have a text that an agent takes, however well it packs', () => {
    const row = { vif: 'vif0', peer: '10.0.0.1', peerPrefixLength: 32, profile: 1, group: 0 };
    const edits = Array.from({ length: 40_000 }, () => ({ table: linkTable, row, isRemoved: false }));
    const values = packEdits(edits);
    expect(values.length).to.be.greaterThan(
      Math.floor((40_000 * JSON.stringify(row).length) / 2 / LONGEST_TEXT),
    );
    expect(values.flatMap(unpackEdit)).to.have.lengthOf(edits.length);
  });

  for (const [what, octets] of [
    ['no stream', Buffer.from('{}')],
    ['half a stream', packed({ set: { netemuSite: [{ site: 1, name: 'a' }] } }).subarray(0, 20)],
    ['no JSON', deflateSync('{"set":')],
    ['no object', packed([])],
    ['more text than an agent takes', deflateSync(' '.repeat(LONGEST_TEXT + 1))],
    ['a member that is unknown', packed({ set: {}, clear: {} })],
    ['a table that is unknown', packed({ set: { netemuQueue: [] } })],
    ['a row of what every object has', packed({ set: { netemuSite: [{ site: 1, constructor: 1 }] } })],
    ['a row without a column that has no DEFVAL', packed({ set: { netemuOverlay: [{ site: 1 }] } })],
    ['a number as text', packed({ set: { netemuSite: [{ site: '7', name: 'a' }] } })],
    ['half a number', packed({ set: { netemuSite: [{ site: 7.5, name: 'a' }] } })],
    ['no number at all', packed({ set: { netemuSite: [{ site: 'abc', name: 'a' }] } })],
    [
      'something that only looks like a text',
      packed({ set: { netemuSite: [{ site: 1, name: { length: 4e9 } }] } }),
    ],
    [
      'values inside values',
      deflateSync(`{"remove":{"netemuSite":[{"site":${'['.repeat(9000)}${']'.repeat(9000)}}]}}`),
    ],
    ['an index that cannot be', packed({ remove: { netemuSite: [{ site: -1 }] } })],
    ['more than the index of what goes', packed({ remove: { netemuSite: [{ site: 1, name: 'a' }] } })],
  ] as const) {
    it(`are none in ${what}`, () => {
      expect(() => unpackEdit(octets))
        .to.throw()
        .with.property('kind', 'InvalidInput');
    });
  }
});
