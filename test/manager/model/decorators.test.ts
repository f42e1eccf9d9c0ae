import { plainToInstance } from 'class-transformer';
import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import { Host } from '../../../src/manager/model/host.js';
import { Site } from '../../../src/manager/model/site.js';
import { Vif } from '../../../src/manager/model/virtual-machine.js';
import { BitRate } from '../../../src/units/bit-rate.js';
import { IpAddress, IpNetwork } from '../../../src/units/ip-network.js';
import { MacAddress } from '../../../src/units/mac-address.js';

describe('the model', () => {
  it('makes units of the text of a host, down to its vifs', () => {
    const host = plainToInstance(Host, {
      name: 'host1',
      address: '172.16.0.1',
      cpus: '2',
      agent: { port: '161', credentials: 'lab' },
      bridges: [],
      vms: [{ name: 'vm1', vifs: [{ name: 'vif1.0', mac: '00:16:3E:00:00:01', bridge: 'xenbr0' }] }],
    });
    expect(host.address).to.deep.equal(IpAddress.parse('172.16.0.1'));
    expect(host.agent.port).to.equal(161);
    expect(host.cpus).to.equal(2);
    expect(host.memory).to.equal(undefined);
    const [vif] = host.vms.flatMap((vm) => vm.vifs);
    expect(vif).to.be.instanceOf(Vif);
    expect(vif?.mac).to.deep.equal(MacAddress.parse('00:16:3e:00:00:01'));
  });

  it('makes units of each item of a list', () => {
    const site = plainToInstance(Site, {
      name: 'site1',
      networks: ['10.1.0.0/16', 'fd00:1::/64'],
      policy: 'proxy',
      nodes: [{ vm: 'a', addresses: ['10.1.0.1'], role: 'node', access: { bandwidth: '1mbit' } }],
      routes: [],
    });
    expect(site.networks).to.deep.equal([IpNetwork.parse('10.1.0.0/16'), IpNetwork.parse('fd00:1::/64')]);
    expect(site.nodes[0]?.addresses).to.deep.equal([IpAddress.parse('10.1.0.1')]);
    expect(site.nodes[0]?.access?.bandwidth).to.deep.equal(BitRate.parse('1mbit'));
  });

  it('refuses a text that is no unit', () => {
    expect(() => plainToInstance(Host, { address: '172.16.0' })).to.throw(NetmgrError, 'is no IP address');
  });
});
