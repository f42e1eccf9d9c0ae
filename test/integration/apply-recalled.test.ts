import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

describe('files that were applied before', () => {
  let lab: LiveLab;
  let runs = 0;

  before(async function () {
    skipWithoutRoot(this, 'an apply of the same files');
    lab = await LiveLab.start([PAIR]);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
  });

  /** What an apply says, and whether it has merged the files: V8 tells which modules were run. */
  async function apply(virtual = PAIR_BANDWIDTH): Promise<{ said: string; hasMerged: boolean }> {
    const coverage = `${lab.directory}/coverage${String((runs += 1))}`;
    const env = { NODE_V8_COVERAGE: coverage, NETMGR_STATE_DIRECTORY: `${lab.directory}/state` };
    const { exitCode, stdout, stderr } = await lab.try([process.execPath, MAIN, 'apply', PAIR, virtual], {
      env,
    });
    expect(exitCode, stderr).to.equal(0);
    const grep = await lab.try(['grep', '-rlF', '/dist/manager/merge/merge.js"', coverage]);
    return { said: stdout.trim(), hasMerged: grep.exitCode === 0 };
  }

  const kept = async (): Promise<string[]> =>
    (await lab.run('find', `${lab.directory}/state/applied`, '-type', 'f')).trim().split('\n');

  it('are not merged again where nothing is to do', async () => {
    const first = await apply();
    expect(first.said).to.match(/^applied on 2 of 2 hosts/);
    expect(first.hasMerged).to.equal(true);
    expect(await apply()).to.deep.equal({ said: 'nothing to do', hasMerged: false });
  });

  it('are merged again where they say something else', async () => {
    const other = `${lab.directory}/other.xml`;
    await lab.write(
      other,
      (await lab.read(PAIR_BANDWIDTH)).replace(/bandwidth="[^"]*"/, 'bandwidth="7mbit"'),
    );
    const { said, hasMerged } = await apply(other);
    expect(said).to.match(/^applied on/);
    expect(hasMerged).to.equal(true);
    expect(await kept()).to.have.lengthOf(2);
  });

  it('are applied where the hosts run something else since', async () => {
    const { said, hasMerged } = await apply();
    expect(said).to.match(/^applied on/);
    expect(hasMerged).to.equal(true);
  });

  it('are repaired where the kernel has something else since', async () => {
    await lab.at('host1', 'tc qdisc del dev vif1.0 root');
    const { said, hasMerged } = await apply();
    expect(said).to.match(/^applied on 1 of 2 hosts: 0 rows and .*repair/);
    expect(hasMerged).to.equal(true);
    expect(await lab.at('host1', 'tc qdisc show dev vif1.0')).to.include('htb');
  });

  it('are merged again where what was kept is damaged', async () => {
    for (const path of await kept()) await lab.write(path, (await lab.read(path)).replace('host1', 'host9'));
    expect(await apply()).to.deep.equal({ said: 'nothing to do', hasMerged: true });
    expect(await apply()).to.deep.equal({ said: 'nothing to do', hasMerged: false });
  });
});
