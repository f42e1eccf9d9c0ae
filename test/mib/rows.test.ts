import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import { configurationToJson } from '../../src/mib/configuration-json.js';
import { diffConfigurations } from '../../src/mib/diff-configurations.js';
import { linkTable, type LinkRow } from '../../src/mib/link-table.js';
import { memberTable } from '../../src/mib/member-table.js';
import { siteTable } from '../../src/mib/site-table.js';
import { encodeIndex } from '../../src/mib/table.js';

const link: fc.Arbitrary<LinkRow> = fc.record({
  vif: fc.constantFrom('a', 'b', 'ab', 'ba', 'abc'),
  peer: fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1'),
  peerPrefixLength: fc.constant(32),
  profile: fc.nat(2),
  group: fc.constant(0),
});
const step = fc.record({ link, isRemoved: fc.boolean(), copies: fc.boolean(), looks: fc.boolean() });

/** The same rows in a configuration that never had others. */
function anew(configuration: Configuration): Configuration {
  const other = new Configuration();
  for (const row of configuration.rows(linkTable)) other.set(linkTable, row);
  return other;
}

describe('rows in pages', () => {
  it('are what was set and not removed, in the order of their OIDs, whatever copies were made on the way', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let configuration = new Configuration();
        const rows = new Map<string, LinkRow>();
        const copies: { copy: Configuration; text: string; digest: string }[] = [];
        for (const { link: row, isRemoved, copies: isCopied, looks } of steps) {
          const index = encodeIndex(linkTable, row);
          if (isCopied) {
            copies.push({
              copy: configuration,
              text: JSON.stringify(configurationToJson(configuration)),
              digest: configuration.digest().toString('hex'),
            });
            configuration = configuration.clone();
          }
          if (isRemoved) {
            configuration.delete(linkTable, index);
            rows.delete(index.join('.'));
          } else {
            configuration.set(linkTable, row);
            rows.set(index.join('.'), row);
          }
          // What is computed here must not be kept beyond the next change in place.
          if (looks) expect(configuration.digest().equals(anew(configuration).digest())).to.equal(true);
        }
        expect(configuration.size).to.equal(rows.size);
        expect(configuration.rows(linkTable)).to.have.members([...rows.values()]);
        const other = anew(configuration);
        expect(configuration.rows(linkTable)).to.deep.equal(other.rows(linkTable));
        expect(configuration.digest().equals(other.digest())).to.equal(true);
        expect([...configuration.pages(linkTable).values()].map(({ name }) => name)).to.deep.equal([
          ...new Set(configuration.rows(linkTable).map(({ vif }) => vif)),
        ]);
        for (const { copy, text, digest } of copies) {
          expect(JSON.stringify(configurationToJson(copy))).to.equal(text);
          expect(copy.digest().toString('hex')).to.equal(digest);
        }
      }),
    );
  });

  it('differ in what has changed, whether pages are shared or not', () => {
    fc.assert(
      fc.property(fc.array(link), fc.array(step, { maxLength: 5 }), (links, steps) => {
        const before = new Configuration();
        for (const row of links) before.set(linkTable, row);
        const after = before.clone();
        for (const { link: row, isRemoved } of steps) {
          if (isRemoved) after.delete(linkTable, encodeIndex(linkTable, row));
          else after.set(linkTable, row);
        }
        const found = diffConfigurations(before, after);
        expect(found).to.deep.equal(diffConfigurations(anew(before), anew(after)));
        const made = before.clone();
        for (const { before: old, after: row } of found) {
          if (row !== undefined) made.set(linkTable, row as LinkRow);
          else if (old !== undefined) made.delete(linkTable, encodeIndex(linkTable, old));
        }
        expect(made.digest().equals(after.digest())).to.equal(true);
      }),
    );
  });

  it('differ however many they are', () => {
    const many = new Configuration();
    for (let i = 0; i < 150_000; i++) {
      const address = `10.${String(i >> 16)}.${String((i >> 8) & 255)}.${String(i & 255)}`;
      many.set(memberTable, { site: 1, address, prefixLength: 32, role: 'node', macAddress: '' });
    }
    expect(diffConfigurations(new Configuration(), many)).to.have.lengthOf(150_000);
    expect(diffConfigurations(many, new Configuration())).to.have.lengthOf(150_000);
  });

  it('are taken page by page, and stay apart', () => {
    const rows = (profile: number): LinkRow[] =>
      ['a', 'b'].map((vif) => ({ vif, peer: '10.0.0.1', peerPrefixLength: 32, profile, group: 0 }));
    const [one, other] = [new Configuration(), new Configuration()];
    for (const row of rows(1)) one.set(linkTable, row);
    for (const row of rows(2)) other.set(linkTable, row);
    one.digest();
    one.share(linkTable, 'a', other);
    one.share(linkTable, 'c', other);
    expect(one.size).to.equal(2);
    expect(one.rows(linkTable).map(({ vif, profile }) => [vif, profile])).to.deep.equal([
      ['a', 2],
      ['b', 1],
    ]);
    expect(one.digest().equals(anew(one).digest())).to.equal(true);
    one.set(linkTable, { vif: 'a', peer: '10.0.0.1', peerPrefixLength: 32, profile: 3, group: 0 });
    expect(other.rows(linkTable).map(({ profile }) => profile)).to.deep.equal([2, 2]);
  });

  it('are one page where the table is not by vifs', () => {
    const configuration = new Configuration();
    for (const site of [1, 2, 300])
      configuration.set(siteTable, { site, name: `s${String(site)}`, policy: 'open' });
    expect(
      [...configuration.pages(siteTable).values()].map(({ name, entries }) => [name, entries.length]),
    ).to.deep.equal([['', 3]]);
    for (const site of [1, 2, 300]) configuration.delete(siteTable, [site]);
    expect(configuration.pages(siteTable).size).to.equal(0);
    expect(configuration.digest().equals(new Configuration().digest())).to.equal(true);
  });
});
