import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { NetmgrError } from '../../src/errors.js';
import { measureRtt } from '../../src/lab/prober/measure-rtt.js';
import { measureThroughput } from '../../src/lab/prober/measure-throughput.js';
import { isRight, probePairs } from '../../src/lab/prober/probe-pairs.js';
import { Probers, type Probe } from '../../src/lab/prober/probers.js';
import { withRoutesToAll } from '../../src/lab/prober/routes-to-all.js';
import { run } from '../../src/process/run.js';
import { skipInSample } from '../sample.js';

const BUILT = new URL('../../dist/lab/prober/main.js', import.meta.url);
const PATIENCE = 3000;
const LINK_LOCAL = 'fe80::16ff:fe00:';
const PROTOCOLS = ['icmp', 'tcp', 'udp'] as const;

const [a, b] = [`nmp-${String(process.pid)}-a`, `nmp-${String(process.pid)}-b`];

const sh = async (machine: string, line: string): Promise<string> =>
  (await run(['ip', 'netns', 'exec', machine, ...line.split(' ')])).stdout;

const probes = (from: string, to: string, addresses: readonly string[]): Probe[] =>
  addresses.flatMap((address) => PROTOCOLS.map((protocol) => ({ from, to, protocol, address })));

const toB = probes(a, b, ['10.9.0.2', 'fd00:9::2', `${LINK_LOCAL}2%eth0`]);

describe('the probers of a lab', function () {
  let probers: Probers;

  const reached = async (tried: readonly Probe[]): Promise<string[]> => {
    const answers = await probers.probe(tried, PATIENCE);
    return tried
      .filter((_, i) => typeof answers[i] === 'number')
      .map(({ protocol, address }) => `${protocol} ${address}`);
  };

  before(async function () {
    if (process.getuid?.() !== 0) {
      process.stderr.write('NOT TESTED: probers: no root\n');
      this.skip();
    }
    if (!existsSync(BUILT)) throw new Error('build first: npm run build');
    for (const name of [a, b]) {
      await run(['ip', 'netns', 'add', name]);
      await sh(name, 'sysctl -q -w net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0');
    }
    await run(['ip', '-n', a, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', b]);
    for (const [name, host] of [
      [a, '1'],
      [b, '2'],
    ] as const) {
      await sh(name, 'ip link set eth0 addrgenmode none');
      await sh(name, 'ip link set lo up');
      await sh(name, 'ip link set eth0 up');
      await sh(name, `ip address add 10.9.0.${host}/24 dev eth0`);
      await sh(name, `ip address add fd00:9::${host}/64 dev eth0`);
      await sh(name, `ip address add ${LINK_LOCAL}${host}/64 dev eth0`);
    }
    probers = await Probers.start([a, b]);
  });

  after(async () => {
    // Nothing was started if we are not root.
    if (process.getuid?.() !== 0) return;
    await probers.stop();
    for (const name of [a, b]) await run(['ip', 'netns', 'del', name], { accept: [0, 1] });
  });

  afterEach(async () => {
    for (const tool of ['iptables', 'ip6tables']) await sh(b, `${tool} -F`);
  });

  it('reach a machine by every protocol over every kind of address', async () => {
    expect(await reached(toB)).to.deep.equal(toB.map(({ protocol, address }) => `${protocol} ${address}`));
  });

  it('say what a filter blocks, and only that', async () => {
    await sh(b, 'iptables -A INPUT -p tcp -j DROP');
    await sh(b, 'ip6tables -A INPUT -p udp -j REJECT');
    await sh(b, `ip6tables -A INPUT -d ${LINK_LOCAL}2 -p icmpv6 --icmpv6-type echo-request -j DROP`);
    expect(await reached(toB)).to.deep.equal([
      'icmp 10.9.0.2',
      'udp 10.9.0.2',
      'icmp fd00:9::2',
      'tcp fd00:9::2',
      `tcp ${LINK_LOCAL}2%eth0`,
    ]);
  });

  it('do not take another machine for the one they look for', async () => {
    const other = probes(a, 'other', ['10.9.0.2', 'fd00:9::2']);
    expect(await reached(other)).to.deep.equal(['icmp 10.9.0.2', 'icmp fd00:9::2']);
  });

  it('reach nothing where nobody is', async () => {
    expect(await reached(probes(a, b, ['10.9.0.3', 'fd00:9::3', `${LINK_LOCAL}3%eth0`]))).to.deep.equal([]);
  });

  it('try again what should be reached', async () => {
    await sh(b, 'iptables -A INPUT -j DROP');
    // The filter goes while the probers still try.
    const [outcomes] = await Promise.all([
      probePairs(
        probers,
        probes(a, b, ['10.9.0.2']).map((probe) => ({ ...probe, expected: true })),
        PATIENCE,
      ),
      new Promise((resolve) => setTimeout(resolve, PATIENCE * 1.2)).then(() => sh(b, 'iptables -F')),
    ]);
    expect(outcomes.map(isRight)).to.deep.equal([true, true, true]);
  });

  it('tell a wrong expectation from a right one', async () => {
    const outcomes = await probePairs(
      probers,
      probes(a, b, ['10.9.0.2']).map((probe) => ({ ...probe, expected: probe.protocol === 'udp' })),
      PATIENCE,
    );
    expect(outcomes.map(isRight)).to.deep.equal([false, false, true]);
  });

  it('find what only a missing route kept apart, and leave the routes as they were', async () => {
    await sh(a, 'ip address add 10.8.0.1/32 dev lo');
    await sh(b, 'ip address add 10.7.0.1/32 dev lo');
    const apart = probes(a, b, ['10.7.0.1']);
    const routes = async (): Promise<string> =>
      (await sh(a, 'ip route show table all')) + (await sh(a, 'ip -6 route show table all'));
    const before = await routes();
    expect(await reached(apart)).to.deep.equal([]);
    const interfaces = [a, b].map((machine) => ({ machine, device: 'eth0' }));
    const found = await withRoutesToAll(interfaces, () => reached(apart));
    expect(found).to.deep.equal(['icmp 10.7.0.1', 'tcp 10.7.0.1', 'udp 10.7.0.1']);
    expect(await routes()).to.equal(before);
  });

  it('cannot be started where there is no machine, and leave nothing', async () => {
    const failure: unknown = await Probers.start([`${a}-none`]).catch((error: unknown) => error);
    expect(failure)
      .to.be.instanceOf(NetmgrError)
      .and.to.include({ subject: `${a}-none` });
  });

  it('measure a limited rate and a round trip', async () => {
    await sh(a, 'tc qdisc add dev eth0 root tbf rate 8mbit burst 3028 limit 60000');
    const goodput = await measureThroughput({ from: a, to: b, address: '10.9.0.2' }, 6);
    expect(goodput).to.be.within(4e6, 8e6);
    expect(await measureRtt(a, 'fd00:9::2')).to.be.greaterThan(0);
  });

  it('say that nobody answers what is to be measured', async function () {
    skipInSample(this, 'a prober that nobody answers');
    const failure: unknown = await measureThroughput({ from: a, to: b, address: '10.9.0.3' }, 6).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(NetmgrError);
    await sh(b, 'iptables -A INPUT -p icmp -j DROP');
    const silent: unknown = await measureRtt(a, '10.9.0.2').catch((error: unknown) => error);
    expect(silent).to.be.instanceOf(NetmgrError).and.to.include({ kind: 'Unreachable' });
  });
});
