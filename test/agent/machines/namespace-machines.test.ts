import { release } from 'node:os';
import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import { readLinks } from '../../../src/agent/kernel/ip/links.js';
import { applyMachine, readMachine } from '../../../src/agent/kernel/ip/read-machine.js';
import { NamespaceMachines } from '../../../src/agent/machines/namespace-machines.js';
import { IpAddress } from '../../../src/units/ip-network.js';
import { run, type Run } from '../../../src/process/run.js';

const NAME = `nmm-${String(process.pid)}`;

describe('machines that are network namespaces', function () {
  const commands: string[] = [];
  const counted: Run = (argv, options) => {
    commands.push(argv.join(' '));
    return run(argv, options);
  };
  const machines = new NamespaceMachines(counted);

  before(async function () {
    if (process.getuid?.() !== 0) {
      process.stderr.write('NOT TESTED: machines in namespaces: no root\n');
      this.skip();
    }
    await run(['ip', 'netns', 'add', NAME]);
    await run(['ip', '-n', NAME, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'peer0']);
    await run(['ip', '-n', NAME, 'link', 'set', 'peer0', 'up']);
  });

  after(async () => {
    await run(['ip', 'netns', 'del', NAME], { accept: [0, 1] });
  });

  beforeEach(() => {
    commands.length = 0;
  });

  it('run what is told to run inside', async () => {
    const { stdout } = await machines.inside(NAME)(['ip', '-o', 'link', 'show', 'eth0']);
    expect(stdout).to.match(/ eth0@/);
    expect(commands).to.deep.equal([`ip -n ${NAME} -o link show eth0`]);
    expect(() => machines.inside('-all')).to.throw(NetmgrError, 'no machine name');
  });

  it('are brought to a state by one process, and back to what they were', async () => {
    const from = await readMachine(machines.inside(NAME), NAME);
    const eth0 = from.devices.get('eth0');
    if (eth0 === undefined) throw new Error('eth0 is missing');
    const addresses = ['10.9.0.1', 'fd00:9::1'].map((text) => ({
      address: IpAddress.parse(text),
      prefixLength: text.includes(':') ? 64 : 16,
    }));
    const wanted = [...eth0.addresses, ...addresses] as typeof eth0.addresses;
    const to = {
      ...from,
      devices: new Map(from.devices).set('eth0', { ...eth0, up: true, addresses: wanted }),
    };
    commands.length = 0;
    await applyMachine(machines.inside(NAME), NAME, from, to);
    expect(commands).to.deep.equal([`ip -n ${NAME} -batch -`]);
    const { stdout } = await run(['ip', '-n', NAME, 'address', 'show', 'dev', 'eth0']);
    expect(stdout).to.contain('inet 10.9.0.1/16').and.contain('inet6 fd00:9::1/64').and.contain(',UP');

    const now = await readMachine(machines.inside(NAME), NAME);
    await applyMachine(machines.inside(NAME), NAME, now, {
      ...now,
      devices: new Map(now.devices).set('eth0', { ...eth0, up: true }),
    });
    const after_ = await run(['ip', '-n', NAME, 'address', 'show', 'dev', 'eth0']);
    expect(after_.stdout).to.not.contain('10.9.0.1').and.not.contain('fd00:9::1');
  });

  it('cost nothing where nothing differs', async () => {
    const state = await readMachine(machines.inside(NAME), NAME);
    commands.length = 0;
    await applyMachine(machines.inside(NAME), NAME, state, state);
    expect(commands).to.deep.equal([]);
  });

  it('are surveyed with the interfaces of the host that lead into them, and their MAC addresses inside', async () => {
    const [vif, mac] = [`v${String(process.pid)}`, '02:00:00:00:00:42'];
    const peer = ['peer', 'name', 'eth7', 'address', mac, 'netns', NAME] as const;
    await run(['ip', 'link', 'add', vif, 'type', 'veth', ...peer]);
    try {
      const links = await readLinks(run);
      commands.length = 0;
      const { machines: found, hypervisor } = await machines.survey(links);
      expect(commands).to.include('ip -j netns list-id').and.include(`ip -n ${NAME} -j -d link show`);
      const machine = found.find(({ name }) => name === NAME);
      expect(machine?.interfaces).to.deep.equal([{ vif, model: 'veth', mac }]);
      expect(machine?.known).to.include({ operState: 'running', OSType: 'Linux', maxMem: -1 });
      expect(hypervisor).to.include({ hvSoftware: 'Linux network namespaces', hvVersion: release() });
      expect(await machines.find(links)).to.deep.equal(found.map(({ name }) => name));

      const others = links.filter(({ name }) => name !== vif);
      expect((await machines.survey(others)).machines.map(({ name }) => name)).not.to.include(NAME);
    } finally {
      await run(['ip', 'link', 'del', vif]);
    }
  });

  it('that are not there are named in the error', async () => {
    const error: unknown = await readMachine(machines.inside(`${NAME}-gone`), `${NAME}-gone`).catch(
      (thrown: unknown) => thrown,
    );
    expect(error)
      .to.be.instanceOf(NetmgrError)
      .and.include({ kind: 'CommandFailed', subject: `${NAME}-gone` });
  });

  it('are never named by what is no name', () => {
    for (const name of [
      '',
      '-all',
      '../x',
      'a b',
      '$(touch x)',
      'a\nlink del dev lo',
      'x'.repeat(65),
      'a\0',
    ]) {
      expect(() => machines.inside(name), JSON.stringify(name))
        .to.throw(NetmgrError)
        .with.property('kind', 'InvalidInput');
    }
    expect(commands).to.deep.equal([]);
  });
});
