import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { Configuration } from '../../src/mib/configuration.js';
import { linkTable } from '../../src/mib/link-table.js';
import { profileTable, type ProfileRow } from '../../src/mib/profile-table.js';
import { defaultsOf } from '../../src/mib/table.js';
import { siteLinkTable } from '../../src/mib/site-link-table.js';

const profile = { ...defaultsOf(profileTable), index: 7, bandwidth: 1000, latency: 200 } as ProfileRow;

const sha256Of = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();
const sha256 = (text: string | Buffer): string => sha256Of(text).toString('hex');

describe('Configuration', () => {
  it('has the digest of nothing when it is empty', () => {
    expect(new Configuration().digest().toString('hex')).to.equal(sha256(''));
  });

  it('has the digest of the canonical form that the MIB defines', () => {
    const configuration = new Configuration();
    configuration.set(profileTable, profile);
    configuration.set(linkTable, { vif: 'v1', peer: '10.2.0.1', peerPrefixLength: 32, profile: 7, group: 0 });
    // A shorter name comes first (RFC 2578 section 7.7).
    configuration.set(linkTable, { vif: 'b', peer: '10.2.0.1', peerPrefixLength: 32, profile: 7, group: 0 });
    configuration.set(siteLinkTable, { site: 1, peer: 2 });
    // 1000 is 03e8, 200 is 00c8: the leading octet keeps it positive (X.690 section 8.3).
    const links = ['1.98.1.4.10.2.0.1.32', '2.118.49.1.4.10.2.0.1.32'];
    const pages = links.map((link) => `3.1.4.${link} 07\n3.1.6.${link}\n`);
    const tables = [
      '1.1.3.7 03e8\n1.1.6.7 00c8\n1.1.17.7\n',
      Buffer.concat(pages.map(sha256Of)),
      '9.1.2.1.2\n',
    ];
    expect(configuration.digest().toString('hex')).to.equal(sha256(Buffer.concat(tables.map(sha256Of))));
  });

  it('orders rows as their OIDs, not as text', () => {
    const configuration = new Configuration();
    for (const index of [10, 9, 100, 1]) configuration.set(profileTable, { ...profile, index });
    expect(configuration.rows(profileTable).map(({ index }) => index)).to.deep.equal([1, 9, 10, 100]);
  });

  it('copies so that neither sees what the other does', () => {
    const original = new Configuration();
    original.set(profileTable, profile);
    const before = original.digest();
    const copy = original.clone();
    copy.delete(profileTable, [7]);
    expect(original.digest().equals(before)).to.equal(true);
    expect(copy.size).to.equal(0);
    expect(copy.digest().equals(before)).to.equal(false);
  });
});
