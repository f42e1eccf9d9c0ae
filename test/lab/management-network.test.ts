import { expect } from 'chai';
import fc from 'fast-check';
import { findManagementNetworks } from '../../src/lab/management-network.js';
import { IpAddress } from '../../src/units/ip-network.js';

const find = (...hosts: string[]): string[] =>
  findManagementNetworks(hosts.map((text) => IpAddress.parse(text))).map(
    ({ labAddress, prefixLength }) => `${labAddress.toString()}/${String(prefixLength)}`,
  );

describe('findManagementNetworks', () => {
  it('takes the smallest network with room', () => {
    expect(find('172.16.0.1', '172.16.0.4')).to.deep.equal(['172.16.0.6/29']);
    expect(find('192.168.1.200', '192.168.1.10')).to.deep.equal(['192.168.1.254/24']);
  });

  it('widens where a host would have the first or last address', () => {
    expect(find('10.0.0.7')).to.deep.equal(['10.0.0.14/28']);
  });

  it('skips what is taken', () => {
    const [network] = findManagementNetworks([IpAddress.parse('10.0.0.1')], [IpAddress.parse('10.0.0.6')]);
    expect(network?.labAddress.toString()).to.equal('10.0.0.5');
  });

  it('never gives the lab the address of a host', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.uniqueArray(octet, { minLength: 1, maxLength: 40 }), (octets) => {
        const hosts = octets.map((last) => IpAddress.parse(`10.3.1.${String(last)}`));
        const [network] = findManagementNetworks(hosts);
        expect(network).to.not.equal(undefined);
        expect(hosts.some((host) => network?.labAddress.equals(host))).to.equal(false);
      }),
    );
  });
});
