import { expect } from 'chai';
import { locateVifs } from '../../../../src/agent/host/locate-vifs.js';
import { ContainerMachines } from '../../../../src/agent/machines/container/container-machines.js';
import { discover } from '../../../../src/agent/machines/container/discover.js';
import { podman } from '../../../../src/agent/machines/container/docker-engine.js';
import type { Engine } from '../../../../src/agent/machines/container/engine.js';
import { holdNamespace } from '../../../../src/agent/machines/container/entrance.js';
import type { ListedMachine } from '../../../../src/agent/machines/machine-driver.js';
import { NetmgrError } from '../../../../src/errors.js';
import { defaultsOf } from '../../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../../src/mib/vif-table.js';
import { start, type Run } from '../../../../src/process/run.js';
import { ContainerHost, missingFor } from '../../../machines/container-host.js';
import { until } from '../../../machines/fixture.js';

/** Tells of nothing, whatever happens. */
const quiet: Engine = { ...podman, events: { argv: ['sleep', '100000'], isNews: () => false } };
const MAC = '02:00:00:44:00:01';

describe('machines that are containers', function () {
  const commands: string[] = [];
  let host: ContainerHost;
  let counted: Run;

  before(async function () {
    const missing = missingFor('podman');
    if (missing !== undefined) {
      process.stderr.write(`NOT TESTED: containers: ${missing}\n`);
      this.skip();
    }
    host = await ContainerHost.create();
    counted = (argv, options) => {
      commands.push(argv.join(' '));
      return host.run(argv, options);
    };
  });

  after(async () => {
    await (host as ContainerHost | undefined)?.remove();
  });

  beforeEach(() => {
    commands.length = 0;
  });

  const listed = async (driver: ContainerMachines): Promise<readonly ListedMachine[]> =>
    driver.list(await host.links());

  const failureOf = async (promise: Promise<unknown>): Promise<NetmgrError> => {
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    if (error instanceof NetmgrError) return error;
    throw new Error(`no NetmgrError: ${JSON.stringify(error)}`);
  };

  describe('of an engine', () => {
    let driver: ContainerMachines;

    before(async () => {
      driver = new ContainerMachines(counted, [podman]);
      await host.podman(
        'web',
        ['--network', 'lab', '--mac-address', MAC],
        '--memory',
        '64m',
        '--cpus',
        '0.5',
      );
      await host.podman('beside', ['--network', 'container:web']);
      await host.podman('hosty', ['--network', 'host']);
      await host.podman('alone', ['--network', 'none']);
    });

    after(async () => {
      await host.endContainers();
    });

    it('are one machine if they share a network, and go by the names, IDs and processes of both', async () => {
      const machines = await listed(driver);
      expect(machines.map(({ name }) => name)).to.have.members(['web', 'hosty', 'alone']);
      const web = machines.find(({ name }) => name === 'web');
      expect(web?.interfaces.map(({ mac, model, obstacle }) => ({ mac, model, obstacle }))).to.deep.equal([
        { mac: MAC, model: 'veth', obstacle: undefined },
      ]);
      const { stdout } = await host.run(['podman', 'container', 'inspect', 'web', 'beside']);
      const [own, other] = JSON.parse(stdout) as { Id: string; State: { Pid: number } }[];
      expect(web?.aliases).to.include.members([
        ...[own?.Id, own?.Id.slice(0, 12), `pid:${String(own?.State.Pid)}`],
        ...['beside', other?.Id, other?.Id.slice(0, 12), `pid:${String(other?.State.Pid)}`],
      ]);
      for (const name of ['web', 'beside', own?.Id ?? '', `pid:${String(other?.State.Pid)}`]) {
        const { stdout: address } = await driver.inside(name)(['ip', '-br', 'link', 'show', 'eth0']);
        expect(address, name).to.contain(MAC);
      }
    });

    it('are listed with two processes of the engine, one for the namespaces, and one for their insides', async () => {
      const links = await host.links();
      commands.length = 0;
      await driver.list(links);
      const programs = commands.map((command) => command.split(' ').slice(0, 2).join(' '));
      expect(programs.filter((words) => words !== 'readlink /proc/self/ns/net')).to.deep.equal([
        ...['lsns --json', 'podman ps', 'podman container', 'xargs --delimiter=\\n'],
      ]);
    });

    it('are asked for again only when something has changed, as long as the engine is listened to', async () => {
      const own = new ContainerMachines(counted, [quiet]);
      const asked = async (): Promise<boolean> => {
        const links = await host.links();
        commands.length = 0;
        await own.list(links);
        return commands.some((command) => command.startsWith('podman'));
      };
      expect([await asked(), await asked()]).to.deep.equal([true, true]);
      const watch = own.watch(() => undefined, {});
      expect([await asked(), await asked(), await asked()]).to.deep.equal([true, false, false]);
      await host.podman('new', ['--network', 'lab', '--mac-address', '02:00:00:44:00:02']);
      expect([await asked(), await asked()]).to.deep.equal([true, false]);
      await host.run(['podman', 'rm', '--force', '--time', '0', 'new']);
      expect([await asked(), await asked()]).to.deep.equal([true, false]);
      await watch.stop();
      expect([await asked(), await asked()]).to.deep.equal([true, true]);
    });

    it('are listed all the same where they cannot be looked into at once, or not at all', async () => {
      const without =
        (...programs: string[]): Run =>
        (argv, options) =>
          programs.includes(argv[0]) ? host.run(['false'], options) : host.run(argv, options);
      const macs = async (run: Run): Promise<unknown> => {
        const [web] = (await listed(new ContainerMachines(run, [podman]))).filter(
          ({ name }) => name === 'web',
        );
        return web?.interfaces.map(({ vif, mac }) => [vif.startsWith('veth'), mac]);
      };
      expect(await macs(without('xargs'))).to.deep.equal([[true, MAC]]);
      expect(await macs(without('xargs', 'nsenter'))).to.deep.equal([[true, '']]);
    });

    it('say what to do where they are at no bridge, and the network of the host is never entered', async () => {
      const machines = await listed(driver);
      const obstacles = (name: string): unknown =>
        machines
          .find((machine) => machine.name === name)
          ?.interfaces.map(({ vif, obstacle }) => [vif, obstacle]);
      expect(obstacles('hosty')).to.deep.equal([
        [
          '',
          'it shares the network of its host, so nothing at this host can shape or isolate it: connect the container with a ' +
            'Linux bridge instead, such as --network NAME of a network with the driver bridge',
        ],
      ]);
      expect(JSON.stringify(obstacles('alone'))).to.contain('it has no interface to the outside: connect');
      const error = await failureOf(driver.inside('hosty')(['ip', 'link', 'add', 'nmx', 'type', 'dummy']));
      expect(error).to.include({ kind: 'CommandFailed', subject: 'hosty' });
      expect(error.hint).to.contain('with a network of its own');
      expect((await host.links()).map(({ name }) => name)).not.to.include('nmx');
      expect(await driver.find(await host.links())).to.deep.equal(['web']);
    });

    it('tell it to who looks for their vifs', async () => {
      const rows = ['alone', 'hosty'].map((vmName) => ({
        ...(defaultsOf(vifTable) as VifRow),
        ...{ vif: `${vmName}0`, vmName, machine: vmName, macAddress: MAC },
      }));
      const { away } = await locateVifs(
        driver,
        rows,
        new Map((await host.links()).map((link) => [link.name, link])),
      );
      expect(away.map(({ why }) => why.slice(0, 34))).to.deep.equal([
        ...['it has no interface to the outside', 'it shares the network of its host,'],
      ]);
    });

    it('have what pasta and slirp4netns give them, which leads past the bridges', async () => {
      const run = driver.inside('alone');
      await run(['ip', 'tuntap', 'add', 'tap0', 'mode', 'tap']);
      await run(['ip', 'link', 'set', 'tap0', 'address', '02:00:00:44:00:09']);
      const alone = (await listed(driver)).find(({ name }) => name === 'alone');
      expect(alone?.interfaces.map(({ vif, mac, model }) => [vif, mac, model])).to.deep.equal([
        ['', '02:00:00:44:00:09', 'tun'],
      ]);
      expect(alone?.interfaces[0]?.obstacle).to.contain('user-mode networking');
      await run(['ip', 'link', 'del', 'tap0']);
    });

    it('are surveyed with their limits, and as paused', async () => {
      await host.run(['podman', 'pause', 'web']);
      try {
        const { hypervisor, machines } = await driver.survey(await host.links());
        expect(hypervisor).to.include({ hvSoftware: 'podman' });
        expect(hypervisor.hvVersion).to.match(/^\d+\.\d+/);
        expect(machines.find(({ name }) => name === 'web')?.known).to.deep.equal({
          ...{ OSType: 'Linux', adminState: 'paused', operState: 'paused' },
          ...{ autoStart: 'disabled', persistent: 'persistent' },
          ...{ minCpuNumber: -1, maxCpuNumber: 1, minMem: -1, memUnit: 1024, maxMem: 65536 },
        });
      } finally {
        await host.run(['podman', 'unpause', 'web']);
      }
    });

    it('are entered anew when they have been restarted, by name and ID, and no more by the process that has gone', async () => {
      const before = (await listed(driver)).find(({ name }) => name === 'alone');
      const process = before?.aliases.find((alias) => alias.startsWith('pid:')) ?? '';
      await host.run(['podman', 'restart', '--time', '0', 'alone']);
      await driver.inside('alone')(['true']);
      // The look that this led to forgets it; one that remembers it sees that it is another one.
      const error = await failureOf(driver.inside(process)(['true']));
      expect(error).to.include({ kind: 'CommandFailed', subject: process });
    });

    it('that have never been there, or have gone, are named in the error, with what to do', async () => {
      await host.podman('brief', ['--network', 'none']);
      const brief = driver.inside('brief');
      await brief(['true']);
      await host.run(['podman', 'rm', '--force', '--time', '0', 'brief']);
      for (const [name, run] of [
        ['brief', brief],
        ['nobody', driver.inside('nobody')],
      ] as const) {
        const error = await failureOf(run(['true']));
        expect(error).to.include({ kind: 'CommandFailed', subject: name });
        expect(error.message).to.equal(`no container ${name} runs on this host`);
        expect(error.hint).to.contain('podman ps');
      }
    });

    it('fail to be listed where the engine fails, with what it says', async () => {
      const broken: Run = (argv, options) =>
        argv[0] === 'podman' ? host.run(['podman', '--no-such-flag'], options) : host.run(argv, options);
      const error = await failureOf(new ContainerMachines(broken, [podman]).list([]));
      expect(error).to.include({ kind: 'CommandFailed', subject: 'podman' });
      expect(error.message).to.contain('no-such-flag');
      expect(error.hint).to.contain('podman ps');
    });
  });

  describe('without an engine', () => {
    let driver: ContainerMachines;

    before(() => {
      driver = new ContainerMachines(counted, []);
    });

    /** A process in a network of its own, at the bridge. @returns how to end it, and its number */
    const contained = async (vif: string): Promise<{ pid: number; end: () => Promise<void> }> => {
      const child = start([...host.enter, 'unshare', '--net', 'sleep', '100000']);
      const pid = child.pid ?? 0;
      await until('the process has its network', async () => {
        const { stdout } = await host.run(['cat', `/proc/${String(pid)}/comm`]);
        return stdout.trim() === 'sleep';
      });
      await host.run([
        'ip',
        'link',
        'add',
        vif,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'address',
        MAC,
        'netns',
        String(pid),
      ]);
      await host.run(['ip', 'link', 'set', vif, 'master', host.bridge, 'up']);
      return {
        pid,
        end: async () => {
          child.kill('SIGKILL');
          await child;
          await until('its interface has gone', async () =>
            (await host.links()).every(({ name }) => name !== vif),
          );
        },
      };
    };

    it('are the processes that veths lead to, found again under another number and name of interface', async () => {
      for (const vif of ['veth1', 'vethother']) {
        const { pid, end } = await contained(vif);
        const name = `pid:${String(pid)}`;
        try {
          expect(await listed(driver)).to.deep.equal([
            { name, aliases: [], interfaces: [{ vif, model: 'veth', mac: MAC }] },
          ]);
          const { hypervisor, machines } = await driver.survey(await host.links());
          expect(hypervisor.hvSoftware).to.equal('Linux containers');
          expect(machines[0]?.known).to.include({
            operState: 'running',
            persistent: 'transient',
            maxMem: -1,
          });
          const { exitCode } = await driver.inside(name)(['ip', 'link', 'show', 'eth7'], { accept: [0, 1] });
          expect(exitCode).to.equal(1);
          expect(await failureOf(driver.inside(name)(['ip', 'link', 'show', 'eth7']))).to.include({
            ...{ kind: 'CommandFailed', subject: name },
          });
        } finally {
          await end();
        }
        const error = await failureOf(driver.inside(name)(['true']));
        expect(error).to.include({ kind: 'CommandFailed', subject: name });
        expect(error.hint).to.contain('a veth of this host leads into');
      }
    });

    it('are held as long as something runs in them, and by nothing that is another one by now', async () => {
      const { pid, end } = await contained('veth1');
      const [found] = await discover(host.run, () => Promise.resolve([]), await host.links(), 0);
      if (found === undefined) throw new Error('it is missing');
      const held = await holdNamespace(found);
      expect(held?.path).to.match(/^\/proc\/[0-9]+\/fd\/[0-9]+$/);
      const other = { pid, startTime: String(Number(found.process.startTime) + 1) };
      expect(await holdNamespace({ ...found, process: other })).to.equal(undefined);
      expect(await holdNamespace({ ...found, inode: found.inode + 1 })).to.equal(undefined);
      await held?.close();
      await end();
      expect(await holdNamespace(found)).to.equal(undefined);
    });

    it('are no others, even if a process has that number', async () => {
      for (const pid of [process.pid, host.pid, 1]) {
        const error = await failureOf(driver.inside(`pid:${String(pid)}`)(['true']));
        expect(error).to.include({ kind: 'CommandFailed' });
      }
    });
  });

  it('are never named by what is no name', () => {
    const driver = new ContainerMachines(counted, []);
    for (const name of [
      ...['', '-all', '../x', 'a b', '$(touch x)', 'a\n', 'x'.repeat(256), 'a\0', '/web'],
      ...['pid:', 'pid:0', 'pid:1x', 'pid:-1', 'pid:12345678901', 'container:web'],
    ]) {
      expect(() => driver.inside(name), JSON.stringify(name))
        .to.throw(NetmgrError)
        .with.property('kind', 'InvalidInput');
    }
    expect(commands).to.deep.equal([]);
  });
});
