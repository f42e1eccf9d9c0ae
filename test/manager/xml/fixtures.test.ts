import { expect } from 'chai';
import type { RealEnvironment } from '../../../src/manager/model/real-environment.js';
import type { VirtualEnvironment } from '../../../src/manager/model/virtual-environment.js';
import { readRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { readVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

const FIXTURES = new URL('../../../fixtures/', import.meta.url).pathname;

async function real(name: string): Promise<RealEnvironment> {
  return (await readRealEnvironment(`${FIXTURES}real-env/${name}.xml`)).environment;
}

async function virtual(name: string): Promise<VirtualEnvironment> {
  return (await readVirtualEnvironment(`${FIXTURES}virtual-env/${name}.xml`)).environment;
}

function numbered(prefix: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${prefix}${String(first + index)}`);
}

/** Which machines of which site run on which host. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  host1: [...numbered('vmgrid', 108, 109), ...numbered('vmgrid', 201, 205), 'vmgridpeer2'],
  host2: [...numbered('vmgrid', 206, 212), 'vmgrid308'],
  host3: [...numbered('vmgrid', 101, 107), 'vmgridpeer1'],
  host4: [...numbered('vmgrid', 301, 307), 'vmgridpeer3'],
};

const SITES: Readonly<Record<string, readonly string[]>> = {
  site1: [...numbered('vmgrid', 101, 109), 'vmgridpeer1'],
  site2: [...numbered('vmgrid', 201, 212), 'vmgridpeer2'],
  site3: [...numbered('vmgrid', 301, 308), 'vmgridpeer3'],
};

describe('the fixtures of the experiment', () => {
  it('have four Xen hosts with eight machines each', async () => {
    const { hosts, links, switches } = await real('grid');
    expect(Object.fromEntries(hosts.map((host) => [host.name, host.vms.map((vm) => vm.name)]))).to.deep.equal(
      PLACES,
    );
    for (const host of hosts) {
      expect(`${String(host.hypervisor)} ${String(host.version)} ${String(host.memory)}`).to.equal(
        'xen 3.1 2560MiB',
      );
      for (const vm of host.vms) expect(vm.memory?.toString()).to.equal('256MiB');
    }
    expect(switches).to.have.lengthOf(1);
    expect(links.map(({ from, to, bandwidth }) => `${from} ${to} ${String(bandwidth)}`)).to.deep.equal(
      hosts.map((host) => `${host.name} sw0 100mbit`),
    );
  });

  it('give each machine a MAC address of its own, of the range of Xen', async () => {
    const macs = (await real('grid')).hosts.flatMap((host) =>
      host.vms.flatMap((vm) => vm.vifs.map((vif) => String(vif.mac))),
    );
    expect(new Set(macs).size).to.equal(32);
    for (const mac of macs) expect(mac).to.match(/^00:16:3e:/);
  });

  for (const [file, line] of [
    ['grid', '1mbit 20ms'],
    ['grid-table2-1mbit', '1mbit undefined'],
    ['grid-table2-100mbit', '100mbit undefined'],
  ] as const) {
    it(`${file} has three sites with a proxy each, all linked both ways`, async () => {
      const { sites, links } = await virtual(file);
      expect(
        Object.fromEntries(sites.map((site) => [site.name, site.nodes.map((node) => node.vm)])),
      ).to.deep.equal(SITES);
      for (const site of sites) {
        expect(site.policy).to.equal('proxy');
        expect(site.nodes.filter((node) => node.role === 'proxy')).to.have.lengthOf(1);
        for (const node of site.nodes) {
          expect(node.addresses.map((address) => address.version)).to.deep.equal([4, 6]);
        }
      }
      expect(links.map(({ from, to, direction }) => `${from} ${to} ${direction}`)).to.deep.equal([
        'site1 site2 both',
        'site1 site3 both',
        'site2 site3 both',
      ]);
      for (const { bandwidth, latency } of links) {
        expect(`${String(bandwidth)} ${String(latency)}`).to.equal(line);
      }
    });
  }

  it('name only machines that are there', async () => {
    for (const name of ['grid', 'pair']) {
      const machines = (await real(name)).hosts.flatMap((host) => host.vms.map((vm) => vm.name));
      const nodes = (await virtual(name)).sites.flatMap((site) => site.nodes.map((node) => node.vm));
      expect(nodes.sort()).to.deep.equal(machines.sort());
    }
  });

  it('have a small pair, with and without latency', async () => {
    const lines = await Promise.all(
      ['pair', 'pair-bandwidth'].map(async (name) => {
        const [link] = (await virtual(name)).links;
        return `${String(link?.bandwidth)} ${String(link?.latency)}`;
      }),
    );
    expect(lines).to.deep.equal(['10mbit 10ms', '100mbit undefined']);
  });
});
