import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { changesDuring } from './commands.js';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';
import type { Ran } from './order.js';
import { skipInSample } from '../sample.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const HOSTS = ['172.16.0.1', '172.16.0.2'] as const;
/** Nobody is there, and it is known soon. */
const [GONE, SOON] = ['172.16.0.9', ['--timeout', '200', '--retries', '1']] as const;

interface Told {
  readonly ok: boolean;
  readonly hosts: readonly {
    readonly name: string;
    readonly machines: readonly { readonly name: string }[];
  }[];
  readonly errors?: readonly { readonly kind: string; readonly subject?: string; readonly hint?: string }[];
}

describe('netmgr discover', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'netmgr discover');
    lab = await LiveLab.start([PAIR]);
  });

  after(async () => {
    await lab.stop();
  });

  const netmgr = (words: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
    lab.try([process.execPath, MAIN, ...words], { env });
  const file = (name: string): string => `${lab.directory}/${name}`;
  /** Runs it to a good end. */
  const done = async (...words: readonly string[]): Promise<Ran> => {
    const ran = await netmgr(words);
    expect(ran.exitCode, ran.stderr + ran.stdout).to.equal(0);
    return ran;
  };

  it('writes a file that apply takes as it is, and changes nothing on the hosts', async () => {
    const changes = await changesDuring(lab, ['host1', 'host2'], async () => {
      const { stdout } = await done('discover', ...HOSTS, '-o', file('real.xml'));
      expect(stdout.split('\n').slice(0, 2)).to.deep.equal([
        'host1: 2 machines with 2 interfaces, namespace',
        'host2: 2 machines with 2 interfaces, namespace',
      ]);
    });
    expect(changes).to.deep.equal({ host1: [], host2: [] });
    const { stdout } = await done('apply', file('real.xml'), PAIR_BANDWIDTH);
    expect(stdout).to.match(/applied on 2 of 2 hosts/);
    expect((await done('apply', file('real.xml'), PAIR_BANDWIDTH)).stdout).to.contain('nothing to do');
    // The file that the lab was made of says the same.
    expect((await done('apply', PAIR, PAIR_BANDWIDTH)).stdout).to.contain('nothing to do');
  });

  it('writes the same of the same, applied or not, from nothing and from its own file', async () => {
    const before = await lab.read(file('real.xml'));
    await done('discover', ...HOSTS, '-o', file('again.xml'));
    expect(await lab.read(file('again.xml'))).to.equal(before);
    await done('discover', file('again.xml'), '-o', file('again.xml'));
    expect(await lab.read(file('again.xml'))).to.equal(before);
    const { stdout } = await done('discover', '--from-file', file('again.xml'));
    expect(stdout).to.equal(before);
  });

  it('does not take the place of a file that it has not read', async () => {
    const { exitCode, stderr } = await netmgr(['discover', ...HOSTS, '-o', file('real.xml')]);
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('there is a file').and.contain('--from-file');
    await done('discover', ...HOSTS, '-o', file('real.xml'), '--replace');
  });

  it('writes what the others said where one host does not answer, and names that', async () => {
    const words = ['discover', ...HOSTS, `host9=${GONE}`, ...SOON, '-o', file('some.xml')];
    const { exitCode, stdout, stderr } = await netmgr(words);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain('host2: 2 machines');
    expect(stderr)
      .to.match(/error: .*172\.16\.0\.9/)
      .and.contain('about: host9')
      .and.contain('do:');
    expect(await lab.read(file('some.xml'))).to.equal(await lab.read(file('real.xml')));
    const json = await netmgr([...words.slice(0, -2), '--json']);
    expect(json.exitCode).to.equal(1);
    const told = JSON.parse(json.stdout) as Told;
    expect(told.ok).to.equal(false);
    expect(told.errors?.map(({ kind, subject }) => [kind, subject])).to.deep.equal([
      ['Unreachable', 'host9'],
    ]);
    expect(told.hosts.map(({ name }) => name)).to.deep.equal(['host1', 'host2']);
  });

  it('writes nothing where the secret is wrong, and says so', async () => {
    const words = ['discover', ...HOSTS, '-o', file('none.xml')];
    const { exitCode, stderr } = await netmgr(words, { NETMGR_LAB_AUTH: 'not the secret' });
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('does not accept our credentials').and.contain('no host could be asked');
    expect((await lab.try(['ls', file('none.xml')])).exitCode).not.to.equal(0);
  });

  it('comments on what cannot be managed, and keeps what people wrote', async () => {
    const written = (await lab.read(file('real.xml'))).replace(
      '<host name="host1"',
      '<!-- In the cellar. -->\n<host name="host1"',
    );
    await lab.write(file('mine.xml'), written);
    await lab.run('ip', 'netns', 'add', 'loose');
    await lab.at('host1', 'ip link add loose0 type veth peer name eth0 netns loose');
    await until(async () => {
      const { stdout, stderr } = await done('discover', file('mine.xml'));
      return stderr.includes('host1/loose: loose0 (') && stdout.includes('<!-- discovered: loose0 (');
    });
    await lab.at('host1', 'ip link set loose0 master xenbr0 up');
    await until(async () => {
      const { stdout, stderr } = await done('discover', file('mine.xml'), '-o', file('mine.xml'));
      return stdout.includes('host1: 3 machines with 3 interfaces, namespace') && !stderr.includes('loose');
    });
    const now = await lab.read(file('mine.xml'));
    expect(now).to.contain('<!-- In the cellar. -->').and.not.contain('discovered:');
    expect(now).to.match(/<vm name="loose">\s+<vif name="loose0" mac="[0-9a-f:]{17}" bridge="xenbr0"\/>/);
    await done('validate', file('mine.xml'), PAIR_BANDWIDTH);
    await lab.run('ip', 'netns', 'del', 'loose');
  });

  it('shows with --watch a machine that comes and goes', async function () {
    skipInSample(this, 'discover --watch', 'test:machines');
    const out = file('watch.jsonl');
    const program = `exec "$0" "$1" discover ${file('real.xml')} --watch --json --interval 1 >${out}`;
    const watching = lab.try(['timeout', '-s', 'INT', '25', 'sh', '-c', program, process.execPath, MAIN]);
    const changes = async (): Promise<string[]> => {
      const text = await lab.read(out).catch(() => '');
      const lines = text.split('\n').filter((line) => line !== '');
      const said = lines.map(
        (line) => JSON.parse(line) as { change: string; host: string; machine?: string },
      );
      return said.map(({ change, host, machine = '' }) => `${change} ${host} ${machine}`.trim());
    };
    await until(async () => (await changes()).length >= 2);
    expect((await changes()).slice(0, 2)).to.have.members(['first host1', 'first host2']);
    await lab.run('ip', 'netns', 'add', 'guest');
    await lab.at('host2', 'ip link add guest0 type veth peer name eth5 netns guest');
    await until(async () => (await changes()).includes('came host2 guest'));
    await lab.run('ip', 'netns', 'del', 'guest');
    await until(async () => (await changes()).includes('gone host2 guest'));
    await watching;
    expect((await changes()).slice(2)).to.deep.equal(['came host2 guest', 'gone host2 guest']);
  });
});

/** Until agents, which read their kernels once a second, have seen it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
