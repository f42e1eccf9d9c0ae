import { expect } from 'chai';
import type { Link } from '../../../src/agent/kernel/ip/links.js';
import { bridgeEntries } from '../../../src/agent/tables/bridge-rows.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

let ifindex = 0;
const link = (name: string, kind = '', master = ''): Link => ({
  ...{ name, ifindex: (ifindex += 1), mac: '02:00:00:00:00:01', mtu: 1500, up: true, operstate: 'UP' },
  ...(kind === '' ? {} : { kind }),
  ...(master === '' ? {} : { master }),
});
const machine = (vif: string) => ({
  ...{ name: `of ${vif}`, aliases: [], known: {} },
  interfaces: [{ vif, model: '', mac: '' }],
});
/** Name, uplink and others of each bridge. */
const told = (links: Link[], vifs: string[] = [], configured: string[] = []): unknown[][] =>
  bridgeEntries(
    { links, machines: vifs.map(machine), openVswitch: [] },
    configured.map((vif): VifRow => ({ ...(defaultsOf(vifTable) as VifRow), vif })),
  ).map(({ row }) => [row['name'], row['uplink'], row['otherUplinks']]);

describe('the bridges of a host', () => {
  it('have the port that leads out of it as their uplink, hardware first', () => {
    const links = [
      link('br0', 'bridge'),
      ...[link('bond0', 'bond', 'br0'), link('eth0', '', 'br0'), link('eth0.5', 'vlan', 'br0')],
      ...[link('vnet0', 'tun', 'br0'), link('vif1.0', 'veth', 'br0'), link('virbr0-nic', 'dummy', 'br0')],
    ];
    expect(told(links, ['vnet0', 'vif1.0'])).to.deep.equal([['br0', 'eth0', 'bond0 eth0.5']]);
  });

  it('have none where all ports are of machines, overlays of ours, or taps', () => {
    const links = [
      link('br0', 'bridge'),
      ...[link('vif1.0', 'veth', 'br0'), link('vif2.0', 'veth', 'br0'), link('tap7', 'tun', 'br0')],
      link('nmv-3', 'vxlan', 'br0'),
    ];
    expect(told(links, ['vif1.0'], ['vif2.0'])).to.deep.equal([['br0', '', '']]);
  });

  it('have a veth that is alone, and not one of several, which are of containers', () => {
    const alone = [link('br0', 'bridge'), link('up0', 'veth', 'br0'), link('vif1.0', 'veth', 'br0')];
    expect(told(alone, ['vif1.0'])).to.deep.equal([['br0', 'up0', '']]);
    expect(told(alone)).to.deep.equal([['br0', '', '']]);
  });

  it('are in the order of their indices, without those that no object can name', () => {
    const links = ['virbr10', 'br1', 'a b', 'br0'].map((name) => link(name, 'bridge'));
    expect(told(links).map(([name]) => name)).to.deep.equal(['br0', 'br1', 'virbr10']);
  });
});
