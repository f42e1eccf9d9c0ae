import { expect } from 'chai';
import { ifbName } from '../../../src/agent/kernel/tc/ifb-name.js';
import { differencesOf } from '../../integration/kernel-dump.js';
import { skipInSample } from '../../sample.js';
import { until, untilReady } from '../fixture.js';
import { dumpGrid } from './grid-dump.js';
import { GUESTS, STRANGER } from './grid-files.js';
import { LibvirtGrid } from './libvirt-grid.js';
import { TapWatch } from './tap-watch.js';

/** Milliseconds from the appearance of a tap until it has its network: what is asked of the agent. */
const SHAPED_WITHIN = 2000;
/** Of a machine that is busy with emulated guests, the best of so many restarts is the agent's own time. */
const RESTARTS = 3;
/** Rates are measured again where emulated guests had no processor: what is shaped otherwise than asked stays so. */
const ATTEMPTS = 4;
const START_TIMEOUT = 60_000;

const say = (text: string): void => {
  process.stdout.write(`    ${text}\n`);
};

describe('a grid of libvirt guests on two hosts', function () {
  this.timeout(900_000);
  const [, , , node2] = GUESTS;
  let started: LibvirtGrid | undefined;
  let grid: LibvirtGrid;

  before(async function () {
    skipInSample(this, 'a grid of libvirt guests', 'test:machines');
    grid = started = await LibvirtGrid.start([STRANGER]);
    await grid.write();
  });

  after(() => started?.stop());

  const isUnchanged = async (): Promise<string> => (await grid.netmgr('apply')).stdout;

  it('is refused while a guest is off, and says what to do', async () => {
    await grid.hostOf(node2).libvirt.virsh('destroy', node2.name);
    const { exitCode, stderr } = await grid.netmgr('apply');
    await grid.startGuest(node2);
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/node2: no machine \S+ runs on this host; start it/);
    expect(stderr).to.contain('nothing was applied');
  });

  it('is discovered as it is, in a file that apply takes', async () => {
    const told = await grid.discover();
    say(told.trim().replaceAll('\n', '\n    '));
    expect(told)
      .to.match(/host1: 4 machines with 4 interfaces/)
      .and.match(/host2: 3 machines with 3 interfaces/);
    say((await grid.manage('apply')).trim());
    await grid.write();
    expect(await isUnchanged(), 'with the file that was written by hand').to.contain('nothing to do');
  });

  it('is as the files say, measured inside the guests', async () => {
    say((await grid.manage('apply')).trim());
    for (let attempt = 1; ; attempt++) {
      const { exitCode, stdout } = await grid.netmgr('verify');
      say(stdout.trim().replaceAll('\n', '\n    '));
      // Who reaches whom is no matter of time.
      expect(stdout).to.match(/(\d+) of \1 ways that are open, and (\d+) of \2 that are closed, as asked/);
      if (exitCode === 0) break;
      expect(attempt, stdout).to.be.below(ATTEMPTS);
    }
    expect(await isUnchanged()).to.contain('nothing to do');
  });

  it('leaves a guest alone that no file names', async () => {
    const { run } = grid.hosts.host1;
    const tap = (await grid.hosts.host1.tapOf(STRANGER)) ?? '';
    expect((await run(['tc', 'qdisc', 'show', 'dev', tap])).stdout).to.match(/^qdisc noqueue /);
    await grid.inside(STRANGER)(['ip', 'address', 'add', '192.168.77.2/24', 'dev', 'eth0']);
    await run(['ip', 'address', 'add', '192.168.77.1/24', 'dev', 'br0']);
    await run(['fping', '-q', '-c3', '-t2000', '192.168.77.2']);
    await run(['ip', 'address', 'del', '192.168.77.1/24', 'dev', 'br0']);
  });

  it('gives a guest that starts again its network, and nothing of its old tap stays', async () => {
    const host = grid.hostOf(node2);
    const before = await dumpGrid(grid);
    const times: number[] = [];
    for (let i = 0; i < RESTARTS; i++) {
      const old = await grid.tapOf(node2);
      await host.libvirt.virsh('destroy', node2.name);
      const watch = new TapWatch(host);
      try {
        const shaped = watch.shaped(START_TIMEOUT);
        await host.libvirt.virsh('start', node2.name);
        const { tap, after } = await shaped;
        expect(tap).not.to.equal(old);
        times.push(after);
        await untilReady(grid.inside(node2));
        const answered = Date.now();
        await grid.untilAddressed(node2, START_TIMEOUT);
        say(
          `${tap} was shaped ${String(after)} ms after its appearance; addresses ${String(Date.now() - answered)} ms after the guest agent answered`,
        );
        const names = (await host.libvirt.host.links()).map(({ name }) => name);
        expect(names).to.include(ifbName(tap)).and.not.include(ifbName(old));
        const { stdout } = await host.run(['nft', 'list', 'ruleset']);
        expect(stdout).not.to.contain(`"${old}"`);
      } finally {
        await watch.stop();
      }
    }
    expect(Math.min(...times)).to.be.at.most(SHAPED_WITHIN);
    await until(
      'nothing differs',
      async () => differencesOf(before, await dumpGrid(grid)).length === 0,
    ).catch(async () => {
      expect(differencesOf(before, await dumpGrid(grid))).to.deep.equal([]);
    });
    expect(await isUnchanged()).to.contain('nothing to do');
  });

  it('changes nothing for a guest that is reset, but what it has lost inside', async () => {
    const before = await dumpGrid(grid);
    const tap = await grid.tapOf(node2);
    await grid.inside(node2)(['touch', '/run/before']);
    await grid.hostOf(node2).libvirt.virsh('reset', node2.name);
    await until('the guest has started again', async () => {
      const { exitCode } = await grid.inside(node2)(['test', '-e', '/run/before'], { accept: [0, 1] });
      return exitCode === 1;
    });
    const answered = Date.now();
    await grid.untilAddressed(node2, START_TIMEOUT);
    say(`addresses ${String(Date.now() - answered)} ms after the guest agent answered`);
    expect(await grid.tapOf(node2)).to.equal(tap);
    expect(differencesOf(before, await dumpGrid(grid))).to.deep.equal([]);
  });
});
