import { expect } from 'chai';
import { allSet, proxySet, readSetName, siteSet } from '../../src/mib/rule-names.js';

describe('the names of sets', () => {
  it('are read as they were made, and no others', () => {
    expect(readSetName(allSet(4))).to.deep.equal({ version: 4, site: undefined, proxiesOnly: false });
    expect(readSetName(siteSet(7, 6))).to.deep.equal({ version: 6, site: 7, proxiesOnly: false });
    expect(readSetName(proxySet(4_294_967_295, 4))).to.deep.equal({
      ...{ version: 4, site: 4_294_967_295, proxiesOnly: true },
    });
    for (const other of [
      'blocklist',
      'netmgr-all-v5',
      'netmgr-site-v4',
      'netmgr-all-7-v4',
      'xnetmgr-all-v4',
    ]) {
      expect(readSetName(other), other).to.equal(undefined);
    }
  });
});
