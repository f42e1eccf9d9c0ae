import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isAll } from '../sample.js';
import { start, type RunningProcess } from '../../src/process/run.js';
import { requireBuild } from '../lab/lab-process.js';
import { ContainerHost, missingFor } from '../machines/container-host.js';
import { until } from '../machines/fixture.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ADDRESS = '172.16.0.1';
const MACHINES = [
  { name: 'web', mac: '02:00:00:55:00:01' },
  { name: 'db', mac: '02:00:00:55:00:02' },
] as const;
/** Milliseconds within which a container that returns has what belongs to it, once Podman has started it. */
const BOUND = 10_000;

const REAL = `<?xml version="1.0"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="containers">
  <credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_LAB"/>
  <host name="host1" address="${ADDRESS}" hypervisor="container">
    <agent credentials="lab"/>
    <bridge name="br0"/>
${MACHINES.map(({ name, mac }) => `    <vm name="vm-${name}" container="${name}"><vif name="${name}.0" mac="${mac}" bridge="br0"/></vm>`).join('\n')}
  </host>
</real-environment>
`;

const VIRTUAL = `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="containers">
  <site name="site1" network="10.1.0.0/16 fd00:1::/64"><node vm="vm-web" address="10.1.0.1 fd00:1::1" role="proxy"/></site>
  <site name="site2" network="10.2.0.0/16 fd00:2::/64"><node vm="vm-db" address="10.2.0.1 fd00:2::1" role="proxy"/></site>
  <link from="site1" to="site2" bandwidth="10mbit"/>
</virtual-environment>
`;

const AUTH = 'a secret of this test';
const PRIV = 'another one of this test';
const SECRETS = ['manager.user=netmgr', `manager.auth=${AUTH}`, `manager.priv=${PRIV}`, ''].join('\n');
const ENV = { NETMGR_LAB_AUTH: AUTH, NETMGR_LAB_PRIV: PRIV, NETMGR_STATE_DIRECTORY: '/run/manager' };

describe('an agent whose machines are containers', function () {
  let host: ContainerHost;
  let agent: RunningProcess | undefined;

  const netmgr = (...args: readonly string[]) =>
    host.run([process.execPath, MAIN, ...args], { env: ENV, accept: [0, 1, 2, 3, 4, 5] });

  const startAgent = (): void => {
    agent = start(
      [
        ...host.enter,
        ...[process.execPath, MAIN, 'agent', 'run', '--name', 'host1', '--machines', 'container'],
        ...['--state-directory', '/run/agent', '--listen', `udp:${ADDRESS}:161`, '--secrets', '/run/secrets'],
      ],
      { env: { ...host.env }, stderr: 'inherit' },
    );
  };

  before(async function () {
    const missing = missingFor('podman');
    if (missing !== undefined) {
      process.stderr.write(`NOT TESTED: an agent of containers: ${missing}\n`);
      this.skip();
    }
    requireBuild();
    host = await ContainerHost.create();
    await host.run(['ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
    for (const [file, input] of [
      ['/run/real.xml', REAL],
      ['/run/virtual.xml', VIRTUAL],
      ['/run/secrets', SECRETS],
    ] as const) {
      await host.run(['tee', file], { input });
    }
    await host.run(['chmod', '600', '/run/secrets']);
    await host.run(['mkdir', '-m', '700', '/run/agent']);
    for (const { name, mac } of MACHINES) await host.podman(name, ['--network', 'lab', '--mac-address', mac]);
    startAgent();
    await until(
      'the agent answers',
      async () => (await netmgr('status', '/run/real.xml', '--no-rates')).exitCode === 0,
      30_000,
    );
  });

  after(async () => {
    agent?.kill('SIGTERM');
    await agent;
    await (host as ContainerHost | undefined)?.remove();
  });

  /** Runs the host's tools in the network of a container: Podman would take longer than what is measured. */
  const enter = async (name: string): Promise<(...words: readonly string[]) => Promise<string>> => {
    const { stdout } = await host.run(['podman', 'inspect', '--format', '{{.State.Pid}}', name]);
    const words = ['nsenter', `--net=/proc/${String(Number(stdout))}/ns/net`] as const;
    return async (...more) => (await host.run([...words, ...more])).stdout;
  };

  /** The interface of the host that leads into a container. */
  const vifOf = async (inside: (...words: readonly string[]) => Promise<string>): Promise<string> => {
    const peer = /eth0@if([0-9]+)/.exec(await inside('ip', '-o', 'link'))?.[1];
    return (await host.links()).find(({ ifindex }) => ifindex === Number(peer))?.name ?? '';
  };

  /** What of its configuration a container does not have now. */
  const missingOf = async (
    name: 'web' | 'db',
    inside: (...words: readonly string[]) => Promise<string>,
  ): Promise<readonly string[]> => {
    const vif = await vifOf(inside);
    const [own, other] = name === 'web' ? [1, 2] : [2, 1];
    const checks: readonly (readonly [string, string, string])[] = [
      ['the shaping', (await host.run(['tc', 'qdisc', 'show', 'dev', vif])).stdout, 'rate 10Mbit'],
      [
        'the filters',
        (await host.run(['tc', 'filter', 'show', 'dev', vif])).stdout,
        `0a0${String(other)}0001/ffffffff`,
      ],
      ['the isolation', (await host.run(['nft', 'list', 'table', 'bridge', 'netmgr'])).stdout, `"${vif}"`],
      ['the address', await inside('ip', 'address'), `10.${String(own)}.0.1/16`],
      ['the IPv6 address', await inside('ip', 'address'), `fd00:${String(own)}::1/64`],
      ['the route', await inside('ip', 'route'), `10.${String(other)}.0.1 dev eth0`],
    ];
    return checks.filter(([, text, wanted]) => !text.includes(wanted)).map(([what]) => what);
  };

  const reaches = async (): Promise<boolean> => {
    const { exitCode } = await host.run(
      ['podman', 'exec', 'web', 'busybox', 'ping', '-c', '1', '-W', '2', '10.2.0.1'],
      { accept: [0, 1] },
    );
    return exitCode === 0;
  };

  it('gives them all that the files say', async () => {
    const applied = await netmgr('apply', '/run/real.xml', '/run/virtual.xml');
    expect(applied.exitCode, applied.stderr + applied.stdout).to.equal(0);
    for (const { name } of MACHINES) expect(await missingOf(name, await enter(name)), name).to.deep.equal([]);
    expect(await reaches()).to.equal(true);
  });

  it('gives it again to one that restarts, whose interface has another name then', async () => {
    for (let round = 0; round < (isAll ? 3 : 1); round++) {
      const before = await vifOf(await enter('web'));
      await host.run(['podman', 'restart', '--time', '0', 'web']);
      const begun = performance.now();
      const inside = await enter('web');
      let missing = await missingOf('web', inside);
      while (missing.length > 0 && performance.now() - begun < 2 * BOUND) {
        await delay(50);
        missing = await missingOf('web', inside);
      }
      const took = performance.now() - begun;
      expect(missing).to.deep.equal([]);
      expect(await vifOf(inside)).not.to.equal(before);
      expect(took).to.be.below(BOUND);
      process.stdout.write(`    after ${took.toFixed(0)} ms\n`);
      expect(await reaches()).to.equal(true);
    }
    await delay(1000);
    const { stdout } = await netmgr('status', '/run/real.xml', '--no-rates', '--json');
    const [{ commit } = { commit: undefined }] = (
      JSON.parse(stdout) as {
        hosts: { commit: { driftCount: number } }[];
      }
    ).hosts;
    expect(commit?.driftCount, stdout).to.equal(0);
  });

  it('misses one that is stopped, and says which', async () => {
    await host.run(['podman', 'stop', '--time', '0', 'db']);
    await until(
      'it is missed',
      async () => (await netmgr('status', '/run/real.xml', '--no-rates')).stdout.includes('db'),
      20_000,
    );
    await host.run(['podman', 'start', 'db']);
    const db = await enter('db');
    await until('it has everything again', async () => (await missingOf('db', db)).length === 0, 20_000);
    expect(await reaches()).to.equal(true);
  });

  it('is cleaned up after, inside them too', async () => {
    agent?.kill('SIGTERM');
    await agent;
    agent = undefined;
    const words = ['agent', 'clean', '--machines', 'container', '--state-directory', '/run/agent'];
    const cleaned = await netmgr(...words);
    expect(cleaned.exitCode, cleaned.stderr + cleaned.stdout).to.equal(0);
    const inside = await enter('web');
    const vif = await vifOf(inside);
    expect((await host.run(['tc', 'qdisc', 'show', 'dev', vif])).stdout).not.to.contain('10Mbit');
    expect(await inside('ip', 'address'))
      .to.contain('eth0')
      .and.not.contain('10.1.0.1')
      .and.not.contain('fd00:1::1');
    expect((await netmgr(...words)).stdout).to.contain('nothing to do');
  });
});
