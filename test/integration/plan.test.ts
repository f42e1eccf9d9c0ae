import { expect } from 'chai';
import { changesWithInput } from './commands.js';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const HOSTS = ['host1', 'host2'];
const MACHINES = ['proxy1', 'node2', 'proxy2', 'node1'];
const CHANGED = `${LAB_DIRECTORY}/changed.xml`;

interface PlanJson {
  readonly ok: boolean;
  readonly changes: readonly {
    readonly action: string;
    readonly subject: string;
    readonly what: readonly string[];
  }[];
  readonly hosts: readonly {
    readonly host: string;
    readonly rows: number;
    readonly repairs: readonly string[];
    readonly commands?: readonly { readonly command: string; readonly input: string }[];
  }[];
}

describe('netmgr plan', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'plan');
    lab = await LiveLab.start([PAIR]);
    const text = (await lab.read(PAIR_BANDWIDTH)).replace('100mbit', '20mbit');
    await lab.write(CHANGED, text.replace('10.2.0.101', '10.2.0.102'));
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
  });

  const dump = (): Promise<Dump> => dumpKernel(lab, HOSTS, MACHINES);
  const plan = (...args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> =>
    lab.try(['netmgr', 'plan', PAIR, ...args]);
  const asked = async (...args: readonly string[]): Promise<PlanJson> =>
    JSON.parse((await plan(...args, '--json')).stdout) as PlanJson;
  const running = (): Promise<string> =>
    lab.run(
      'snmpget',
      '-Oqv',
      'host1',
      'NETEMU-MIB::netemuCfgRunningDigest.0',
      'NETEMU-MIB::netemuCfgOwner.0',
    );

  it('says that there is something to do with exit code 2, and does none of it', async () => {
    const [kernel, agent] = [await dump(), await running()];
    const { exitCode, stdout } = await plan(PAIR_BANDWIDTH);
    expect(exitCode).to.equal(2);
    expect(stdout).to.match(/^plan: 8 to create, 0 to change, 0 to remove; \d+ rows on 2 of 2 hosts$/m);
    expect(stdout).to.contain('link site1 ↔ site2').and.contain('pair-bandwidth.xml:');
    expect(differencesOf(kernel, await dump())).to.deep.equal([]);
    expect(await running()).to.equal(agent);
  });

  it('says what apply then does, row by row', async () => {
    const planned = await asked(PAIR_BANDWIDTH);
    const { rows } = await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect(Object.fromEntries(planned.hosts.map((host) => [host.host, host.rows]))).to.deep.equal(rows);
    const { exitCode, stdout } = await plan(PAIR_BANDWIDTH);
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 0, stdout: 'nothing to do\n' });
  });

  it('says what differs in the words of the files', async () => {
    const { changes } = await asked(CHANGED);
    expect(
      changes.map(({ action, subject, what }) => `${action} ${subject}: ${what.join(', ')}`),
    ).to.deep.equal([
      'update site2: + member site2/node2 10.2.0.102 fd00:2::101, - member site2/node2 10.2.0.101 fd00:2::101',
      'update site2/node2: + address 10.2.0.102/16, - address 10.2.0.101/16',
      'update site1 ↔ site2: bandwidth 100mbit → 20mbit',
    ]);
  });

  it('says on demand what each agent would run, which is what it then runs', async () => {
    const text = (await plan(CHANGED, '--commands')).stdout;
    expect(text)
      .to.match(/^ {2}host1# tc -batch -$/m)
      .and.contain('tbf rate 20000000');
    const { hosts } = await asked(CHANGED, '--commands');
    const before = await Promise.all(HOSTS.map(async (host) => (await lab.log(host)).length));
    await lab.manage('apply', PAIR, CHANGED);
    for (const [i, host] of HOSTS.entries()) {
      const ran = changesWithInput((await lab.log(host)).slice(before[i]));
      expect(ran, host).to.not.deep.equal([]);
      expect(hosts[i]?.commands, host).to.deep.equal(ran);
    }
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect((await asked(CHANGED)).hosts[0]).to.not.have.property('commands');
  });

  it('says what would be removed if nothing were wanted', async () => {
    const { changes } = await asked();
    expect(new Set(changes.map(({ action }) => action))).to.deep.equal(new Set(['delete']));
    expect(changes.map(({ subject }) => subject))
      .to.include('site2/node2')
      .and.include('site1 ↔ site2');
  });

  it('says what would be repaired', async () => {
    await lab.at('host1', 'tc qdisc del dev vif1.0 root');
    const { hosts } = await asked(PAIR_BANDWIDTH);
    expect(hosts.map(({ rows, repairs }) => [rows, repairs.length])).to.deep.equal([
      [0, 1],
      [0, 0],
    ]);
    const { exitCode, stdout } = await plan(PAIR_BANDWIDTH);
    expect(exitCode).to.equal(2);
    expect(stdout).to.contain('! host1: ').and.contain('1 to repair');
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
  });

  it('says as apply would what stands in the way', async () => {
    await lab.at('host2', 'ip link set vif2.0 name gone0');
    try {
      const { exitCode, stderr } = await plan(CHANGED);
      expect(exitCode).to.equal(1);
      expect(stderr).to.contain('vif2.0').and.contain('host2').and.contain('no host was changed');
    } finally {
      await lab.at('host2', 'ip link set gone0 name vif2.0');
    }
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
  });

  it('waits for another manager, or fails at once where that is asked for', async () => {
    await lab.run(
      'snmpset',
      'host1',
      'NETEMU-MIB::netemuCfgOwner.0',
      's',
      'another',
      'NETEMU-MIB::netemuCfgLabel.0',
      's',
      'x',
    );
    const { exitCode, stderr } = await plan(CHANGED, '--no-wait');
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('another');
    await lab.run(
      'snmpset',
      'host1',
      'NETEMU-MIB::netemuCfgOwner.0',
      's',
      'another',
      'NETEMU-MIB::netemuCfgAction.0',
      'i',
      '9',
    );
  });

  describe('that is kept', () => {
    const KEPT = `${LAB_DIRECTORY}/kept.plan`;
    const apply = (): ReturnType<LiveLab['try']> => lab.try(['netmgr', 'apply', '--plan', KEPT]);

    it('is applied as it was made', async () => {
      expect((await plan(CHANGED, '--out', KEPT)).exitCode).to.equal(2);
      const { exitCode, stdout, stderr } = await apply();
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.match(/^applied on 2 of 2 hosts: \d+ rows/);
      expect((await lab.manage('plan', PAIR, CHANGED)).rows).to.deep.equal({ host1: 0, host2: 0 });
      expect(await lab.at('node2', 'ip address show dev eth0')).to.contain('10.2.0.102/16');
    });

    it('has nothing more to do then', async () => {
      expect(await apply()).to.include({ exitCode: 0, stdout: 'nothing to do\n' });
    });

    it('is refused once a host runs something else than when it was made', async () => {
      await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
      await plan(CHANGED, '--out', KEPT);
      await lab.manage('destroy', PAIR);
      const kernel = await dump();
      const { exitCode, stderr } = await apply();
      expect(exitCode).to.equal(1);
      expect(stderr).to.contain('runs something else than when the plan was made').and.contain('netmgr plan');
      expect(stderr).to.contain('nothing was applied');
      expect(differencesOf(kernel, await dump())).to.deep.equal([]);
    });

    it('can be to remove everything', async () => {
      await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
      await plan('--out', KEPT);
      expect((await apply()).exitCode).to.equal(0);
      expect((await lab.manage('plan', PAIR, undefined)).rows).to.deep.equal({ host1: 0, host2: 0 });
    });

    it('is no other file, and no damaged one', async () => {
      const text = await lab.read(KEPT);
      for (const wrong of [
        '',
        '{}',
        '<plan/>',
        text.slice(0, -200),
        text.replace(/"digest": "./, '"digest": "g'),
      ]) {
        await lab.write(KEPT, wrong);
        const { exitCode, stderr } = await apply();
        expect(exitCode).to.equal(1);
        expect(stderr).to.contain('holds no plan that can be applied').and.contain('netmgr plan --out');
      }
    });

    it('cannot be given with files, nor one file alone', async () => {
      for (const args of [[PAIR, '--plan', KEPT], [PAIR], []]) {
        const { exitCode, stderr } = await lab.try(['netmgr', 'apply', ...args]);
        expect(exitCode).to.equal(1);
        expect(stderr).to.contain('netmgr apply REAL VIRTUAL, or netmgr apply --plan FILE');
      }
    });
  });
});
