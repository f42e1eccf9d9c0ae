import { expect } from 'chai';
import { changesDuring } from './commands.js';
import { fixture, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';
import { skipInSample } from '../sample.js';

const GRID = fixture('real-env/grid.xml');
const GRID_100 = fixture('virtual-env/grid-table2-100mbit.xml');

/** Each tool's commands by name, with the machines left out: those are counted by themselves. */
function counted(commands: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const command of commands) {
    const name = command
      .replace(/^ip -n \S+ -batch -$/, 'machine')
      .replace(/^(ip6?tables)-(nft|legacy)-restore .*/, '$1');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Of a commit that only adds. */
const ADDS = { 'tc -batch -': 1, 'ipset restore': 1, iptables: 1, ip6tables: 1, 'nft -f -': 1 };

async function withAccess(lab: LiveLab, bandwidth: string): Promise<string> {
  const path = `${lab.directory}/access-${bandwidth}.xml`;
  const text = await lab.read(PAIR_BANDWIDTH);
  const access = `<access bandwidth="${bandwidth}"/>`;
  await lab.write(path, text.replaceAll('</site>', `${access}</site>`));
  return path;
}

/** One after the other: a machine is brought by one process. */
function machinesOf(commands: readonly string[]): string[] {
  return commands.flatMap((command) => /^ip -n (\S+) -batch -$/.exec(command)?.[1] ?? []);
}

describe('the processes of a commit', function () {
  let lab: LiveLab | undefined;

  before(function () {
    skipWithoutRoot(this, 'processes of a commit');
  });

  afterEach(async () => {
    await lab?.stop();
    lab = undefined;
  });

  it('are one for each tool and one for each machine, and none for what does not change', async () => {
    const own = (lab = await LiveLab.start([PAIR]));
    const during = (verb: 'apply' | 'destroy', virtual?: string): Promise<Record<string, string[]>> =>
      changesDuring(own, ['host1'], () => own.manage(verb, PAIR, virtual));

    const first = (await during('apply', PAIR_BANDWIDTH))['host1'] ?? [];
    expect(counted(first)).to.deep.equal({ ...ADDS, machine: 2 });
    expect(machinesOf(first)).to.have.members(['proxy1', 'node2']);

    const shaped = (await during('apply', await withAccess(own, '40mbit')))['host1'] ?? [];
    expect(counted(shaped)).to.deep.equal({ 'tc -batch -': 1, 'ip -batch -': 1 });

    const faster = (await during('apply', await withAccess(own, '50mbit')))['host1'] ?? [];
    expect(counted(faster)).to.deep.equal({ 'tc -batch -': 1 });

    // The nodes of the second site go.
    const half = `${own.directory}/half.xml`;
    const text = await own.read(PAIR_BANDWIDTH);
    await own.write(half, text.replace(/<site name="site2"[^]*<link [^>]*>/, ''));
    const removed = (await during('apply', half))['host1'] ?? [];
    expect(counted(removed)).to.deep.include({ 'ipset restore': 1, 'ip -batch -': 1, 'tc -batch -': 1 });

    const gone = (await during('destroy'))['host1'] ?? [];
    expect(counted(gone)).to.deep.equal({ ...ADDS, machine: 1 });
  });

  it('are as many when a set is added and another one goes', async function () {
    skipInSample(this, 'a set that goes');
    const own = (lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH]));
    const other = `${own.directory}/other.xml`;
    await own.write(other, (await own.read(PAIR_BANDWIDTH)).replaceAll('"site2"', '"site3"'));
    const { host1 = [] } = await changesDuring(own, ['host1'], () => own.manage('apply', PAIR, other));
    // The new set before the rules that use it, the old one after them.
    expect(counted(host1)).to.deep.equal({ 'ipset restore': 2, iptables: 1, ip6tables: 1, 'nft -f -': 1 });
    expect([host1[0], host1.at(-1)]).to.deep.equal(['ipset restore', 'ipset restore']);
  });

  it('do not grow with what is applied', async function () {
    skipInSample(this, 'the processes of a grid');
    const own = (lab = await LiveLab.start([GRID]));
    const hosts = ['host1', 'host2', 'host3', 'host4'];
    const changes = await changesDuring(own, hosts, () => own.manage('apply', GRID, GRID_100));
    for (const host of hosts) {
      const commands = changes[host] ?? [];
      expect(counted(commands), host).to.deep.equal({ ...ADDS, machine: 8 });
      expect(new Set(machinesOf(commands)).size).to.equal(8);
    }
  });
});
