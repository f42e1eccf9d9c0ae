import { expect } from 'chai';
import fc from 'fast-check';
import { checkLinks } from '../../../src/agent/config/check-links.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { linkTable, type LinkRow } from '../../../src/mib/link-table.js';
import { profileTable, type ProfileRow } from '../../../src/mib/profile-table.js';
import { defaultsOf, encodeIndex } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

const VIFS = ['v1', 'v2', 'v3'];

const link: fc.Arbitrary<LinkRow> = fc.record({
  vif: fc.constantFrom(...VIFS),
  peer: fc.constantFrom('10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3'),
  // 10.0.0.1/8 is no network.
  peerPrefixLength: fc.constantFrom(8, 32, 32, 32),
  profile: fc.nat(3),
  group: fc.nat(2),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('link' as const), row: link, isRemoved: fc.boolean() }),
  fc.record({
    kind: fc.constant('profile' as const),
    index: fc.integer({ min: 1, max: 3 }),
    isRemoved: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('vif' as const), vif: fc.constantFrom(...VIFS), isRemoved: fc.boolean() }),
);

const words = (configuration: Configuration): string[] =>
  checkLinks(configuration)
    .map(({ object, code, vif, text }) => `${object.join('.')} ${code} ${vif} ${text}`)
    .sort();

function anew(configuration: Configuration): Configuration {
  const other = new Configuration();
  for (const table of [profileTable, vifTable, linkTable]) {
    for (const row of configuration.rows(table)) other.set(table, { ...row });
  }
  return other;
}

describe('checks of links', () => {
  it('find the same whether a configuration grew by steps that were checked or not', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean(), fc.boolean()), { maxLength: 25 }), (steps) => {
        let configuration = new Configuration();
        for (const [one, isCopied, isChecked] of steps) {
          if (isCopied) configuration = configuration.clone();
          if (one.kind === 'link') {
            if (one.isRemoved) configuration.delete(linkTable, encodeIndex(linkTable, one.row));
            else configuration.set(linkTable, one.row);
          } else if (one.kind === 'profile') {
            if (one.isRemoved) configuration.delete(profileTable, [one.index]);
            else
              configuration.set(profileTable, {
                ...defaultsOf(profileTable),
                index: one.index,
              } as ProfileRow);
          } else if (one.isRemoved) configuration.delete(vifTable, encodeIndex(vifTable, one));
          else configuration.set(vifTable, { ...defaultsOf(vifTable), vif: one.vif } as VifRow);
          if (!isChecked) continue;
          const now = words(configuration);
          expect(now).to.deep.equal(words(anew(configuration)));
          found += now.length;
        }
      }),
    );
    expect(found).to.be.greaterThan(100);
  });

  it('find each kind of mistake where it is', () => {
    const configuration = new Configuration();
    configuration.set(vifTable, { ...defaultsOf(vifTable), vif: 'v1' } as VifRow);
    configuration.set(profileTable, { ...defaultsOf(profileTable), index: 1 } as ProfileRow);
    const row = { vif: 'v1', peerPrefixLength: 32, profile: 1, group: 4 };
    configuration.set(linkTable, { ...row, peer: '10.0.0.1' });
    configuration.set(linkTable, { ...row, peer: '10.0.0.2', profile: 0 });
    configuration.set(linkTable, { ...row, peer: '10.0.0.3', profile: 9, group: 0 });
    configuration.set(linkTable, { ...row, peer: '10.0.0.4', peerPrefixLength: 8, group: 0 });
    configuration.set(linkTable, { ...row, vif: 'v2', peer: '10.0.0.5' });
    expect(checkLinks(configuration).map(({ code, vif }) => `${vif} ${code}`)).to.have.members([
      'v1 badValue',
      'v1 conflict',
      'v1 missingReference',
      'v2 missingReference',
    ]);
  });
});
