import { expect } from 'chai';
import { LibvirtMachines } from '../../src/agent/machines/libvirt/libvirt-machines.js';
import { skipInSample } from '../sample.js';
import { until, untilReady, type FixtureMachine } from './fixture.js';
import { guestKit } from './guest/guest-kit.js';
import { LibvirtHost } from './libvirt-host.js';
import { TestHost } from './test-host.js';

const MACHINE: FixtureMachine = {
  name: 'lab_vm1',
  mac: '52:54:00:33:00:01',
  aliases: ['2a0b0c0d-0000-4000-8000-000000000001'],
};

/** Milliseconds that a guest under software emulation may stand still, on a machine that is busy with both ends of it. */
const MAX_DOWNTIME = 2000;

describe('a machine that moves from one host of libvirt to another, live', function () {
  const hosts: LibvirtHost[] = [];
  const networks: TestHost[] = [];

  before(async function () {
    skipInSample(this, 'a live migration', 'test:machines');
    networks.push(await TestHost.create(), await TestHost.create());
    const [first, second] = networks as [TestHost, TestHost];
    await first.join(second, 'up0', () => ['link set up0 master br0']);
    await first.join(second, 'mgmt', (end) => [`addr add 10.99.0.${String(end + 1)}/24 dev mgmt`]);
    hosts.push(await LibvirtHost.create(first, '10.99.0.1'), await LibvirtHost.create(second, '10.99.0.2'));
    // A second one, from outside the machine's bridge, asks the machine while it moves.
    await first.run(['ip', 'addr', 'add', '10.77.0.100/24', 'dev', 'br0']);
  });

  after(async () => {
    for (const host of hosts) await host.stop();
    for (const network of networks) await network.remove();
  });

  it('is found at the other host with its MAC address, keeps what it was given, and both hosts tell of it', async () => {
    const [first, second] = hosts as [LibvirtHost, LibvirtHost];
    const drivers = hosts.map(({ host, uri }) => new LibvirtMachines(host.run, { uri }));
    const [from, to] = drivers as [LibvirtMachines, LibvirtMachines];
    await first.define(await guestKit(), MACHINE);
    await first.virsh('start', MACHINE.aliases[0] ?? '');
    await untilReady(from.inside(MACHINE.name));
    await from.inside(MACHINE.name)(['ip', 'addr', 'add', '10.77.0.1/24', 'dev', 'eth0']);

    const told = [0, 0];
    const watches = drivers.map((driver, i) => driver.watch(() => (told[i] = (told[i] ?? 0) + 1), {}));
    try {
      const packets = 100;
      const asking = first.host.run(
        ['fping', '-q', '-C', String(packets), '-p', '50', '-t', '50', '10.77.0.1'],
        {
          accept: [0, 1],
        },
      );
      const begin = performance.now();
      await first.migrate(MACHINE, second);
      const seconds = (performance.now() - begin) / 1000;
      const { stdout } = await second.virsh('domjobinfo', '--completed', MACHINE.aliases[0] ?? '');
      const downtime = Number(/^Total downtime:\s+(\d+)/m.exec(stdout)?.[1]);
      const lost = (await asking).stderr.split(' ').filter((word) => word.trim() === '-').length;
      process.stdout.write(
        `    moved in ${seconds.toFixed(1)} s, stood still for ${String(downtime)} ms, lost ${String(lost)} of ${String(packets)} echoes, one each 50 ms\n`,
      );
      expect(downtime).to.be.below(MAX_DOWNTIME);
      expect(lost).to.be.below(packets / 2);

      expect(await from.find()).to.deep.equal([]);
      const links = await second.host.links();
      const [machine, ...others] = await to.list(links);
      expect(others).to.deep.equal([]);
      expect(machine).to.include({ name: MACHINE.name });
      expect(machine?.interfaces.map(({ mac }) => mac)).to.deep.equal([MACHINE.mac]);
      const vif = machine?.interfaces[0]?.vif;
      expect(links.find(({ name }) => name === vif)).to.include({ master: 'br0', up: true });

      await untilReady(to.inside(MACHINE.name));
      const inside = await to.inside(MACHINE.name)(['ip', '-o', 'addr', 'show', 'dev', 'eth0']);
      expect(inside.stdout).to.contain('10.77.0.1/24');
      const gone: unknown = await from
        .inside(MACHINE.name)(['true'])
        .catch((error: unknown) => error);
      expect(gone).to.have.property('message', 'libvirt runs no machine "lab_vm1" on this host');
      await until('both hosts have told', () => told.every((times) => times > 0), 5000);
    } finally {
      await Promise.all(watches.map((watch) => watch.stop()));
    }
  });
});
