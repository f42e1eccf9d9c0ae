import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { isAll, skipInSample } from '../sample.js';
import { differencesOf, dumpKernel, withoutNumbers, type Dump } from './kernel-dump.js';
import { LiveLab, skipWithoutRoot } from './live-lab.js';

const HOSTS = ['host1', 'host2'] as const;
const MACHINES = ['mover', 'mate', 'foreign', 'other'];
const MAC = '00:16:3e:00:00:01';

const REAL = `<?xml version="1.0"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="moving">
  <credentials name="lab" user="netmgr" from="env:NETMGR_LAB"/>
  <switch name="sw0"/>
  <host name="host1" address="172.16.0.1" hypervisor="namespace" cluster="c">
    <agent credentials="lab"/>
    <bridge name="br0" uplink="eth0"/>
    <vm name="mover"><vif name="v1" mac="${MAC}" bridge="br0"/></vm>
    <vm name="other"><vif name="v4" mac="00:16:3e:00:00:04" bridge="br0"/></vm>
  </host>
  <host name="host2" address="172.16.0.2" hypervisor="namespace" cluster="c">
    <agent credentials="lab"/>
    <bridge name="br0" uplink="eth0"/>
    <vm name="mate"><vif name="v2" mac="00:16:3e:00:00:02" bridge="br0"/></vm>
    <vm name="foreign"><vif name="v3" mac="00:16:3e:00:00:03" bridge="br0"/></vm>
  </host>
  <link from="host1" to="sw0" bandwidth="1gbit"/>
  <link from="host2" to="sw0" bandwidth="1gbit"/>
</real-environment>`;

const virtualWith = (more: string): string => `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="moving">
  <site name="site1" network="10.1.0.0/16"${more}>
    <node vm="mover" address="10.1.0.1"/>
    <node vm="mate" address="10.1.0.2"/>
    <access bandwidth="20mbit"/>
  </site>
  <site name="site2" network="10.2.0.0/16"${more}>
    <node vm="foreign" address="10.2.0.3"/>
    <node vm="other" address="10.2.0.4"/>
  </site>
  <link from="mover" to="mate" bandwidth="10mbit"/>
</virtual-environment>`;

/** Takes the machine's interface from one host and gives it one at another, as a migration does. */
const MOVE = (to: string): string => `
ip link add v1 netns ${to} type veth peer name eth0 address ${MAC} netns mover
ip -n ${to} link set v1 master br0 up
ip -n mover link set eth0 up`;

/** Each line of the output as JSON. */
const eventsOf = (output: string): Record<string, unknown>[] =>
  output
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>);

describe('a machine that moves to another host of its cluster', function () {
  let lab: LiveLab;
  let directory: string;
  let at: (typeof HOSTS)[number] = 'host1';

  before(async function () {
    skipWithoutRoot(this, 'machines that move');
    directory = await mkdtemp(join(tmpdir(), 'netmgr-moving-'));
    const real = join(directory, 'real.xml');
    await writeFile(real, REAL);
    lab = await LiveLab.start([real]);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const files = (): [string, string] => [`${lab.directory}/real.xml`, `${lab.directory}/virtual.xml`];
  const sh = (script: string): Promise<string> => lab.run('sh', '-c', script);
  const other = (): (typeof HOSTS)[number] => (at === 'host1' ? 'host2' : 'host1');
  const dump = async (): Promise<Dump> => withoutNumbers(await dumpKernel(lab, HOSTS, MACHINES), HOSTS);

  const apply = async (more = ''): Promise<void> => {
    const [real, virtual] = files();
    await lab.write(real, REAL);
    await lab.write(virtual, virtualWith(more));
    await lab.run('netmgr', 'apply', real, virtual);
  };

  const vanish = (): Promise<string> => lab.at(at, 'ip link del v1');
  const appear = async (): Promise<void> => {
    at = other();
    await sh(MOVE(at));
  };
  const until = async (is: () => Promise<boolean>): Promise<void> => {
    while (!(await is())) await delay(50);
  };
  const isShaped = async (): Promise<boolean> => {
    const [qdisc, addresses, table] = await Promise.all([
      lab.at(at, 'tc qdisc show dev v1'),
      lab.at('mover', 'ip address show dev eth0'),
      lab.at(at, 'nft list set bridge netmgr guarded'),
    ]);
    return qdisc.includes('rate 10Mbit') && addresses.includes('10.1.0.1/16') && table.includes('"v1"');
  };
  const reaches = async (from: string, to: string): Promise<boolean> =>
    (await lab.try(['ip', 'netns', 'exec', from, 'fping', '-q', '-t500', '-r4', to])).exitCode === 0;
  const isUnchanged = async (): Promise<boolean> => {
    const { stdout } = await lab.try(['netmgr', 'apply', ...files()]);
    return stdout.includes('nothing to do');
  };

  it('is told of where it is, and is missed nowhere', async () => {
    await apply();
    const { stdout } = await lab.try(['netmgr', 'status', files()[0], '--no-rates']);
    expect(stdout)
      .to.match(/host1 +v1 +mover +applied/)
      .and.not.match(/host2 +v1/);
    expect(stdout).not.to.contain('absent');
  });

  it('has shapes, isolation and addresses at the other host, and nothing stays at the first', async () => {
    const before = await dump();
    for (const _ of isAll ? [1, 2, 3] : [1]) {
      for (const host of ['host2', 'host1'] as const) {
        await vanish();
        await appear();
        expect(at).to.equal(host);
        await until(isShaped);
        expect(await reaches('mover', '10.1.0.2')).to.equal(true);
        expect(await reaches('mover', '10.2.0.3')).to.equal(false);
        expect(await isUnchanged(), 'an apply has nothing to do').to.equal(true);
      }
    }
    await until(async () => differencesOf(before, await dump()).length === 0);
  });

  it('sends nothing and receives nothing while the agent does not know of it', async function () {
    skipInSample(this, 'a machine that nobody knows of yet', 'test:machines');
    await vanish();
    // Its going is noticed, its coming is not.
    await until(async () => (await lab.at(at, 'nft list set bridge netmgr hold-awaited')).includes('"v1"'));
    const pid =
      (await lab.run('pgrep', '-f', `agent run .*--name ${other()}( |$)`)).trim().split('\n')[0] ?? '';
    await lab.run('kill', '-STOP', pid);
    try {
      await appear();
      await sh(`ip -n mover address add 10.1.0.1/16 dev eth0`);
      expect(await reaches('mover', '10.1.0.2')).to.equal(false);
      expect(await reaches('mate', '10.1.0.1')).to.equal(false);
    } finally {
      await lab.run('kill', '-CONT', pid);
    }
    await sh(`ip -n mover address del 10.1.0.1/16 dev eth0`);
    await until(isShaped);
    expect(await reaches('mover', '10.1.0.2')).to.equal(true);
  });

  it('is waited for no more when nothing is wanted', async () => {
    await lab.run('netmgr', 'destroy', files()[0]);
    for (const host of HOSTS) {
      const { exitCode } = await lab.try([
        'ip',
        'netns',
        'exec',
        host,
        'nft',
        'list',
        'table',
        'bridge',
        'netmgr',
      ]);
      expect(exitCode, `a table at ${host}`).to.equal(1);
    }
  });

  it('is reached through overlays when follow has told all hosts', async function () {
    skipInSample(this, 'a machine that moves behind overlays', 'test:machines');
    await apply(' overlay="vxlan"');
    const following = lab.try(['timeout', '-s', 'INT', '25', 'netmgr', 'follow', ...files(), '--json']);
    await delay(3000);
    await vanish();
    await appear();
    await until(() => reaches('mate', '10.1.0.1'));
    expect(await reaches('mover', '10.2.0.3')).to.equal(false);
    const { stdout } = await following;
    const events = eventsOf(stdout);
    expect(events.flatMap(({ move }) => (move === undefined ? [] : [move]))).to.deep.equal([
      { vm: 'mover', from: other(), to: at },
    ]);
    expect(events.some((event) => 'errors' in event)).to.equal(false);
  });
});
