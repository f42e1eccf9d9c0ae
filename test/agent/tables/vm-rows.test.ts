import { expect } from 'chai';
import type { HostSurvey } from '../../../src/agent/host/linux-kernel.js';
import type { Link } from '../../../src/agent/kernel/ip/links.js';
import { vmEntries, type VmIndexes } from '../../../src/agent/tables/vm-rows.js';
import { IndexAllocator } from '../../../src/mib/index-allocator.js';
import { machineVifTable } from '../../../src/mib/machine-vif-table.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';
import type { VmRow } from '../../../src/mib/vm/vm-table.js';

const indexes = (): VmIndexes => ({ machines: new IndexAllocator(), vifs: new IndexAllocator() });
const link = (name: string, ifindex: number, more: Partial<Link> = {}): Link => ({
  ...{ name, ifindex, mac: '02:00:00:00:00:01', mtu: 1500, up: true, operstate: 'UP', kind: 'tun' },
  ...more,
});
const vif = (name: string, vmName: string): VifRow => ({
  ...(defaultsOf(vifTable) as VifRow),
  ...{ vif: name, vmName, macAddress: '00:16:3e:00:00:01' },
});
const survey = (links: Link[], machines: HostSurvey['machines'] = []): Omit<HostSurvey, 'configured'> => ({
  hypervisor: { hvSoftware: 'x', hvVersion: '1', hvObjectID: [], hvUpTime: 1 },
  ...{ links, machines, openVswitch: [] },
});

describe('the rows of VM-MIB', () => {
  it('have machines that only the configuration names, of which nothing is known', () => {
    const { machines, networks } = vmEntries(survey([link('tap0', 7)]), [vif('tap0', 'a')], indexes());
    expect(machines).to.have.length(1);
    expect(machines[0]?.row).to.include({ name: 'a', operState: 'unknown', persistent: 'unknown' });
    expect(machines[0]?.row).to.include({ adminState: undefined, upTime: undefined, curMem: undefined });
    // The MAC address of the configuration is what is wanted, not what is there.
    expect(networks.map(({ row }) => row)).to.deep.equal([
      {
        ...{ vmIndex: machines[0]?.row['index'], index: indexes().vifs.indexOf('tap0') },
        ...{ ifIndex: 7, parent: 0, model: '', physAddress: '' },
      },
    ]);
  });

  it('have interfaces that are gone, without a row of ifTable', () => {
    const { networks } = vmEntries(survey([]), [vif('tap0', 'a')], indexes());
    expect(networks.map(({ row }) => row['ifIndex'])).to.deep.equal([0]);
  });

  it('have what the driver knows, and no interface twice', () => {
    const known: Partial<VmRow> = { operState: 'paused', curCpuNumber: 4 };
    const found = [
      {
        name: 'b',
        aliases: [],
        known,
        interfaces: [{ vif: 'tap0', model: 'virtio', mac: '00:16:3e:00:00:02' }],
      },
    ];
    const configured = [vif('tap0', 'a'), vif('tap1', '')];
    const { machines, networks } = vmEntries(survey([link('tap0', 7)], found), configured, indexes());
    const named = new Map(machines.map(({ row }) => [row['name'], row]));
    expect([...named.keys()]).to.have.members(['a', 'b']);
    expect(named.get('b')).to.include({ operState: 'paused', curCpuNumber: 4, autoStart: 'unknown' });
    expect(networks.map(({ row }) => row)).to.deep.equal([
      {
        ...{ vmIndex: named.get('b')?.['index'], index: indexes().vifs.indexOf('tap0') },
        ...{ ifIndex: 7, parent: 0, model: 'virtio', physAddress: '00:16:3e:00:00:02' },
      },
    ]);
  });

  it('tell the parent of an interface that sits on another one, and not a bridge or a peer', () => {
    const links = [
      link('eth0', 2),
      link('br0', 3, { kind: 'bridge' }),
      link('macvtap0', 4, { kind: 'macvtap', peer: { name: 'eth0' } }),
      link('tap0', 5, { master: 'br0' }),
      link('veth0', 6, { kind: 'veth', peer: { name: 'veth1' } }),
      link('veth1', 7, { kind: 'veth', peer: { name: 'veth0' } }),
    ];
    const configured = ['macvtap0', 'tap0', 'veth0'].map((name) => vif(name, `of ${name}`));
    const { networks } = vmEntries(survey(links), configured, indexes());
    const parents = networks.map(({ row }) => [row['ifIndex'], row['parent']]);
    expect(parents).to.have.deep.members([
      [4, 2],
      [5, 0],
      [6, 0],
    ]);
  });

  it('tell of each interface its bridge, what stands in the way, and what else its machine goes by', () => {
    const interfaces = [
      { vif: 'tap0', model: 'virtio', mac: '00:16:3e:00:00:02' },
      { vif: '', model: 'virtio', mac: '00:16:3e:00:00:03', obstacle: 'is passed through' },
      { vif: '', model: 'virtio', mac: '' },
      { vif: '', model: 'virtio', mac: '' },
    ];
    const found = [{ name: 'a&<b>"\u0007', aliases: ['uuid-1', 'c0ffee'], known: {}, interfaces }];
    const links = [link('tap0', 7, { master: 'br0' })];
    const { machines, networks, vifs } = vmEntries(survey(links, found), [vif('gone0', 'z')], indexes());
    expect(vifs.map(({ index }) => index)).to.deep.equal(networks.map(({ index }) => index));
    expect(new Set(vifs.map(({ index }) => index.join('.'))).size, 'of their own').to.equal(5);
    // Without what an SnmpAdminString does not hold.
    const name = 'a&<b>"';
    expect(machines.map(({ row }) => row['name'])).to.have.members([name, 'z']);
    const columns = ['vmName', 'name', 'bridge', 'obstacle', 'aliases'];
    expect(vifs.map(({ row }) => columns.map((key) => row[key]))).to.have.deep.members([
      [name, 'tap0', 'br0', '', 'uuid-1 c0ffee'],
      [name, '', '', 'is passed through', 'uuid-1 c0ffee'],
      [name, '', '', '', 'uuid-1 c0ffee'],
      [name, '', '', '', 'uuid-1 c0ffee'],
      ['z', '', '', '', ''],
    ]);
    for (const key of ['vmName', 'obstacle', 'aliases'] as const) {
      const { syntax } = machineVifTable.columns[key];
      for (const { row } of vifs) expect(syntax.decode(syntax.encode(String(row[key])))).to.equal(row[key]);
    }
  });

  it('are in the order of their indices', () => {
    const configured = Array.from({ length: 50 }, (_, i) => vif(`tap${String(i)}`, `node${String(i % 25)}`));
    const { machines, networks } = vmEntries(survey([]), configured, indexes());
    for (const entries of [machines, networks]) {
      const numbers = entries.map(({ index }) => index);
      const sorted = [...numbers].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
      expect(numbers).to.deep.equal(sorted);
    }
  });
});
