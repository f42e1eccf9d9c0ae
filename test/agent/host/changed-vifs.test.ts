import { expect } from 'chai';
import { changedVifs } from '../../../src/agent/host/changed-vifs.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { linkTable, type LinkRow } from '../../../src/mib/link-table.js';
import { profileTable, type ProfileRow } from '../../../src/mib/profile-table.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

const profile = (index: number, bandwidth: number): ProfileRow => ({
  ...(defaultsOf(profileTable) as ProfileRow),
  ...{ index, bandwidth },
});
const vif = (name: string, rxProfile = 0): VifRow => ({
  ...(defaultsOf(vifTable) as VifRow),
  ...{ vif: name, rxProfile },
});
const link = (name: string, peer: string, to: number): LinkRow => ({
  ...{ vif: name, peer, peerPrefixLength: 32, profile: to, group: 0 },
});

describe('the vifs that two configurations want to be shaped differently', () => {
  const base = (): Configuration => {
    const configuration = new Configuration();
    for (const row of [profile(1, 1000), profile(2, 2000)]) configuration.set(profileTable, row);
    for (const row of [vif('a', 1), vif('b'), vif('c')]) configuration.set(vifTable, row);
    for (const row of [link('b', '10.0.0.1', 2), link('c', '10.0.0.1', 1)]) configuration.set(linkTable, row);
    return configuration;
  };

  /** What a change of the one changes, which is the same the other way round. */
  const changedBy = (change: (configuration: Configuration) => void): string[] => {
    const [before, after] = [base(), base()];
    change(after);
    const there = [...changedVifs(before, after)].sort();
    expect([...changedVifs(after, before)].sort()).to.deep.equal(there);
    return there;
  };

  it('are none of the same, and none for what shapes nothing', () => {
    expect(changedBy(() => undefined)).to.deep.equal([]);
    expect(
      changedBy((after) => {
        after.set(siteTable, { site: 1, name: 'a', policy: 'open' });
      }),
    ).to.deep.equal([]);
  });

  it('are those whose rows differ, and those that come or go', () => {
    expect(
      changedBy((after) => {
        after.set(vifTable, vif('a', 2));
        after.set(vifTable, vif('d'));
      }),
    ).to.deep.equal(['a', 'd']);
    expect(
      changedBy((after) => {
        after.set(linkTable, link('b', '10.0.0.1', 1));
        after.set(linkTable, link('c', '10.0.0.2', 1));
      }),
    ).to.deep.equal(['b', 'c']);
  });

  it('are those that use a profile that says something else', () => {
    expect(
      changedBy((after) => {
        after.set(profileTable, profile(1, 1001));
      }),
    ).to.deep.equal(['a', 'c']);
    expect(
      changedBy((after) => {
        after.set(profileTable, profile(2, 1001));
      }),
    ).to.deep.equal(['b']);
  });
});
