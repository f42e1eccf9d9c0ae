import { expect } from 'chai';
import { locateMachines, type HostMachines } from '../../../src/manager/locate/locate-machines.js';
import { missingMachines } from '../../../src/manager/locate/missing-machines.js';
import { relocate } from '../../../src/manager/locate/relocate.js';
import { mergeEnvironments } from '../../../src/manager/merge/merge.js';
import type { RealEnvironment } from '../../../src/manager/model/real-environment.js';
import type { VirtualEnvironment } from '../../../src/manager/model/virtual-environment.js';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { linkTable } from '../../../src/mib/link-table.js';
import { vifTable } from '../../../src/mib/vif-table.js';
import type { VmRow } from '../../../src/mib/vm/vm-table.js';
import { virtualXml } from '../merge/environments.js';

const mac = (machine: number): string => `52:54:00:00:00:0${String(machine)}`;
const host = (number: number, machine: string, more = ''): string =>
  `<host name="h${String(number)}" address="172.16.0.${String(number)}" hypervisor="kvm"${more}><agent credentials="lab"/><bridge name="br0"/>${machine}</host>`;
const REAL = `<real-environment xmlns="urn:netmgr:real-environment:1" name="test"><credentials name="lab" user="netmgr" from="env:LAB"/>${[
  host(1, `<vm name="a" mac="${mac(1)}"/>`, ' cluster="c"'),
  host(2, `<vm name="b" mac="${mac(2)}"/>`, ' cluster="c"'),
  host(3, `<vm name="d" mac="${mac(3)}"/>`),
].join('')}</real-environment>`;
const VIRTUAL = virtualXml(`
  <site name="s" network="10.1.0.0/16">
    <node vm="a" address="10.1.0.1"/><node vm="b" address="10.1.0.2"/><node vm="d" address="10.1.0.3"/>
  </site>
  <link from="a" to="b" bandwidth="1mbit"/>`);

async function environments(): Promise<[RealEnvironment, VirtualEnvironment]> {
  const [real, virtual] = await Promise.all([
    parseRealEnvironment(REAL, 'real.xml'),
    parseVirtualEnvironment(VIRTUAL, 'virtual.xml'),
  ]);
  return [real.environment, virtual.environment];
}

describe('machines of a cluster', () => {
  let real: RealEnvironment;
  let virtual: VirtualEnvironment;

  beforeEach(async () => {
    [real, virtual] = await environments();
  });

  const says = (at: number, machine: number, operState: VmRow['operState'] = 'running'): HostMachines => {
    const found = real.hosts[at - 1];
    if (found === undefined) throw new Error(`no host ${String(at)}`);
    return {
      host: found,
      machines: [{ index: machine, operState } as VmRow],
      networks: [
        { vmIndex: machine, index: 1, ifIndex: 7, parent: 0, model: 'virtio', physAddress: mac(machine) },
      ],
    };
  };
  const located = (...said: HostMachines[]): Record<string, string> =>
    Object.fromEntries(locateMachines(real.hosts, said));

  it('are where their MAC addresses are', () => {
    expect(located(says(2, 1), says(1, 2), says(3, 3))).to.deep.equal({ a: 'h2', b: 'h1', d: 'h3' });
  });

  it('are where they run while they move, and at home where that cannot be told', () => {
    expect(located(says(1, 1), says(2, 1, 'paused'))).to.deep.equal({ a: 'h1' });
    expect(located(says(1, 1, 'paused'), says(2, 1))).to.deep.equal({ a: 'h2' });
    expect(located(says(1, 1, 'paused'), says(2, 1, 'migrating'))).to.deep.equal({ a: 'h1' });
  });

  it('are nowhere else than in their cluster', () => {
    expect(located(says(3, 1))).to.deep.equal({});
    const [h1, h2] = real.hosts;
    if (h1 === undefined || h2 === undefined) throw new Error('no hosts');
    const missing = missingMachines([h1, h2], virtual, new Map([['b', 'h2']]));
    expect(missing.map(({ message }) => message)).to.deep.equal(['a is on none of the hosts h1, h2']);
  });

  it('are prepared for on each of its hosts, and on no other', () => {
    const rows = mergeEnvironments(real, virtual).hosts.map(({ configuration }) =>
      configuration.rows(vifTable).map(({ vmName, presence, vif }) => `${vmName} ${presence} ${vif}`),
    );
    const both = ['a optional mac525400000001', 'b optional mac525400000002'];
    expect(rows).to.deep.equal([both, both, ['d required mac525400000003']]);
  });

  it('need nothing else of the hosts when they have moved', () => {
    const moved = relocate(real, (vm) => (vm === 'a' ? 'h2' : undefined));
    const names = moved.real.hosts.map(({ vms }) => vms.map(({ name }) => name));
    expect(names).to.deep.equal([[], ['b', 'a'], ['d']]);
    expect(moved.real.hosts.map((one) => moved.originOf(one))).to.deep.equal([...real.hosts]);
    const [before, after] = [real, moved.real].map((one) =>
      mergeEnvironments(one, virtual).hosts.map(({ configuration }) =>
        configuration.digest().toString('hex'),
      ),
    );
    expect(after).to.deep.equal(before);
    const links = mergeEnvironments(moved.real, virtual).hosts[0]?.configuration.rows(linkTable);
    expect(links?.map(({ vif }) => vif)).to.include('mac525400000001');
  });
});
