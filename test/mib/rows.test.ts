import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration } from '../../src/mib/configuration.js';
import { configurationToJson } from '../../src/mib/configuration-json.js';
import { diffConfigurations } from '../../src/mib/diff-configurations.js';
import { linkTable, type LinkRow } from '../../src/mib/link-table.js';
import { siteTable } from '../../src/mib/site-table.js';
import { encodeIndex } from '../../src/mib/table.js';

const link: fc.Arbitrary<LinkRow> = fc.record({
  vif: fc.constantFrom('a', 'b', 'ab', 'ba', 'abc'),
  peer: fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1'),
  peerPrefixLength: fc.constant(32),
  profile: fc.nat(2),
  group: fc.constant(0),
});
const step = fc.record({ link, isRemoved: fc.boolean(), copies: fc.boolean() });

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
        for (const { link: row, isRemoved, copies: isCopied } of steps) {
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
