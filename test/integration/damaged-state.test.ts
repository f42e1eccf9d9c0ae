import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { DriftRow } from '../../src/mib/drift-table.js';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const HOSTS = ['host1', 'host2'];
const STATE = `${LAB_DIRECTORY}/agents/host1`;

describe('an agent whose files are damaged', function () {
  let lab: LiveLab;
  let nothing: Dump;
  let applied: Dump;

  before(async function () {
    skipWithoutRoot(this, 'damaged files');
    lab = await LiveLab.start([PAIR]);
    for (const machine of ['proxy1', 'node2']) await lab.at(machine, 'ip link set dev eth0 up');
    // Once before: what a first commit leaves, such as empty tables, is there then.
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    await lab.manage('destroy', PAIR);
    nothing = await dump();
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    applied = await dump();
  });

  after(() => lab.stop());

  const dump = (): Promise<Dump> => dumpKernel(lab, HOSTS, ['proxy1', 'node2']);

  const driftOf = async (host: string): Promise<readonly DriftRow[]> => {
    const { exitCode, stdout, stderr } = await lab.try(['netmgr', 'status', PAIR, '--json', '--no-rates']);
    expect(exitCode, stdout + stderr).to.equal(0);
    const { hosts } = JSON.parse(stdout) as { hosts: { name: string; drift: DriftRow[] }[] };
    return hosts.find(({ name }) => name === host)?.drift ?? [];
  };

  /** Changes a file of the agent of host1 and has it start again. */
  const damage = async (path: string, text: string): Promise<void> => {
    const pid = (await lab.read(`${STATE}.pid`)).trim();
    await lab.write(path, text);
    await lab.run('kill', '-9', pid);
    for (;;) {
      const now = await lab.try(['cat', `${STATE}.pid`]);
      if (now.exitCode === 0 && now.stdout.trim() !== pid) break;
      await delay(100);
    }
  };

  const damagedFiles = async (): Promise<string[]> => {
    const { stdout } = await lab.try(['find', STATE, '-name', '*.damaged-*']);
    return stdout.split('\n').filter((line) => line !== '');
  };

  for (const { end, way } of [
    { end: 'the next apply makes it right', way: 'apply' },
    { end: 'destroy removes all of it', way: 'destroy' },
  ] as const) {
    it(`leaves what runs as it is and says so, and ${end}`, async () => {
      await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
      const before = (await damagedFiles()).length;
      await damage(`${STATE}/state.json`, (await lab.read(`${STATE}/state.json`)).replace('idle', 'idla'));
      const drift = await driftOf('host1');
      expect(drift[0]?.what).to.equal('state');
      expect(drift[0]?.text).to.match(
        /^\/\S+\/state\.json: the file is damaged: .* set aside as \S+damaged-/,
      );
      // As far as it knows nothing should be there.
      expect(drift.map(({ text }) => text).join('\n')).to.contain('vif1.0 should have nothing of netmgr');
      expect(await driftOf('host2')).to.deep.equal([]);
      expect(await damagedFiles()).to.have.lengthOf(before + 1);
      expect(differencesOf(applied, await dump())).to.deep.equal([]);

      await (way === 'apply' ? lab.manage('apply', PAIR, PAIR_BANDWIDTH) : lab.manage('destroy', PAIR));
      expect(differencesOf(way === 'apply' ? applied : nothing, await dump())).to.deep.equal([]);
      expect(await driftOf('host1')).to.deep.equal([]);
    });
  }

  it('does without what ran before, and says so until the next apply', async () => {
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    const other = `${lab.directory}/other.xml`;
    await lab.write(other, (await lab.read(PAIR_BANDWIDTH)).replace('100mbit', '50mbit'));
    await lab.manage('apply', PAIR, other);
    const { running, previous } = JSON.parse(
      (await lab.read(`${STATE}/state.json`)).split('\n')[0] ?? '',
    ) as Record<'running' | 'previous', { digest: string }>;
    expect(previous.digest).to.not.equal(running.digest);
    await damage(`${STATE}/configurations/${previous.digest}.json`, '{}');
    const drift = await driftOf('host1');
    expect(drift.map(({ what }) => what)).to.deep.equal(['state']);
    expect(drift[0]?.text).to.contain(previous.digest);
    await lab.manage('apply', PAIR, other);
    expect(await driftOf('host1')).to.deep.equal([]);
  });
});
