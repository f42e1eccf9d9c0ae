import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';
import { ProbeRequests, type Columns } from './probe-requests.js';

/** Of proxies of the two sites; they are at vif1.0 of host1 and host2. */
const [PROXY1, PROXY2] = ['10.1.0.1', '10.2.0.1'];
/** A node of proxy1's site, at host2. */
const NODE1 = '10.1.0.101';
const NODE1_LINK_LOCAL = 'fe80::216:3eff:fe00:101';
/** Of the other site: no way leads there. */
const NODE2 = '10.2.0.101';
/** kbit/s of the link between the sites. */
const LINK = 20_000;

describe('probes inside machines', function () {
  let lab: LiveLab;
  let last = 4711;

  before(async function () {
    skipWithoutRoot(this, 'probes inside machines');
    lab = await LiveLab.start([PAIR]);
    const virtual = `${lab.directory}/virtual.xml`;
    await lab.write(
      virtual,
      (await lab.read(PAIR_BANDWIDTH)).replace('100mbit', `${String(LINK / 1000)}mbit`),
    );
    await lab.manage('apply', PAIR, virtual);
  });

  after(() => lab.stop());

  const requestsAt = (host: string): ProbeRequests => new ProbeRequests(lab, host, (last += 1));
  const from1 = (target: string, more: Partial<Columns> = {}): Columns => ({
    ...{ kind: 'echo', vif: 'vif1.0', target },
    ...more,
  });
  const commandsOf = async (host: string, program: string): Promise<string[]> =>
    (await lab.log(host))
      .filter(({ msg, command = [] }) => msg === 'run' && command.includes(program))
      .map(({ command = [], input = '' }) => `${command.join(' ')} ${input.replaceAll('\n', ' ').trim()}`);
  const linkState = async (host: string, column: string, peer: string): Promise<number> => {
    const index = `${[6, ...Buffer.from('vif1.0')].join('.')}.1.4.${peer}.32`;
    return Number(await lab.run('snmpget', '-OqvtU', host, `netemuLinkState${column}.${index}`));
  };

  it('ask others of both IP versions, and say who does not answer', async () => {
    const requests = requestsAt('host1');
    const targets = [PROXY2, NODE1, NODE2, '192.0.2.1', 'fd00:2::1', 'fd00:2::101', NODE1_LINK_LOCAL];
    await requests.ask(targets.map((target) => from1(target)));
    const results = await requests.results(targets.length);
    expect(
      results.map(({ state, sent, received, message }) => [state, sent, received, message]),
    ).to.deep.equal([3, 3, 0, 0, 3, 0, 3].map((received) => ['done', 3, received, '']));
    for (const { received, rttMin, rttAvg, rttMax } of results) {
      expect(rttMin > 0).to.equal(received > 0);
      expect(rttMin).to.be.at.most(rttAvg);
      expect(rttAvg).to.be.at.most(rttMax);
    }
    expect(await linkState('host1', 'ProbeReceived', PROXY2)).to.equal(3);
    expect(await linkState('host1', 'ProbeRttAvg', PROXY2)).to.equal(results[0]?.rttAvg);
    expect(await linkState('host1', 'ProbeTime', PROXY2)).to.be.greaterThan(0);
  });

  it('have one process for all targets of both IP versions, and one more for those beside the routes', async () => {
    const before = (await commandsOf('host1', 'fping')).length;
    const requests = requestsAt('host1');
    const routed = [PROXY2, NODE1, NODE2, 'fd00:2::1'];
    const beside = [NODE1, NODE2, NODE1_LINK_LOCAL];
    await requests.ask([
      ...routed.map((target) => from1(target)),
      ...beside.map((target) => from1(target, { onLink: true })),
    ]);
    const results = await requests.results(routed.length + beside.length);
    expect(results.map(({ received }) => received)).to.deep.equal([3, 3, 0, 3, 3, 0, 3]);
    const commands = (await commandsOf('host1', 'fping')).slice(before);
    expect(commands.map((command) => command.replace(/^.* -f - /, '')).sort()).to.deep.equal([
      `${NODE1} ${NODE2} ${NODE1_LINK_LOCAL}%eth0`,
      `${PROXY2} ${NODE1} ${NODE2} fd00:2::1`,
    ]);
  });

  it('ask by the IP version that a machine still has an address of', async () => {
    await lab.at('proxy1', 'ip -6 addr del fd00:1::1/64 dev eth0');
    const requests = requestsAt('host1');
    await requests.ask([from1(PROXY2), from1('fd00:2::1')]);
    const [ipv4, ipv6] = await requests.results(2);
    await lab.at('proxy1', 'ip -6 addr add fd00:1::1/64 dev eth0 nodad metric 78');
    expect(ipv4).to.include({ state: 'done', received: 3 });
    expect(ipv6?.state).to.equal('failed');
    expect(ipv6?.message).to.match(/cannot bind source address/);
  });

  it('go straight to the link where the machine has no route, and leave nothing', async () => {
    const targets = [NODE1, 'fd00:1::101', NODE2, 'fd00:2::101'];
    const rules = async (): Promise<string> =>
      (await lab.at('proxy1', 'ip rule show')) +
      (await lab.at('proxy1', 'ip -6 rule show')) +
      (await lab.at('proxy1', 'ip route show table all')) +
      (await lab.at('proxy1', 'ip -6 route show table all'));
    await lab.at('proxy1', 'ip route del 10.1.0.0/16 dev eth0');
    await lab.at('proxy1', 'ip -6 route del fd00:1::/64 dev eth0');
    const before = await rules();
    // What a killed agent left.
    await lab.at('proxy1', 'ip rule add pref 20045 uidrange 20045-20045 table 20045');
    await lab.at('proxy1', 'ip route add default dev lo table 20045');
    const [routed, onLink] = [requestsAt('host1'), requestsAt('host1')];
    await routed.ask(targets.map((target) => from1(target)));
    expect((await routed.results(4)).map(({ received }) => received)).to.deep.equal([0, 0, 0, 0]);
    await onLink.ask(targets.map((target) => from1(target, { onLink: true })));
    expect((await onLink.results(4)).map(({ received }) => received)).to.deep.equal([3, 3, 0, 0]);
    expect(await rules()).to.equal(before);
    await lab.at(
      'proxy1',
      'ip route add 10.1.0.0/16 dev eth0 proto kernel scope link src 10.1.0.1 metric 78',
    );
    await lab.at('proxy1', 'ip -6 route add fd00:1::/64 dev eth0 proto kernel metric 78');
  });

  it('are answered by one that has no way back, if it is told to, and leave nothing', async () => {
    const rules = (): Promise<string> => lab.at('node2', 'ip -4 rule show');
    const before = await rules();
    const [answering, asking] = [requestsAt('host1'), requestsAt('host1')];
    await answering.ask([{ kind: 'answer', vif: 'vif2.0', target: NODE2, duration: 60_000 }]);
    while ((await rules()) === before) await delay(20);
    expect(await lab.at('node2', 'ip route get 10.1.0.77')).to.include('dev eth0');
    expect(await lab.at('node2', 'ip route get 10.2.0.1')).to.not.include('table');
    // It may ask past its routes meanwhile, for which no further process makes a way.
    const made = (await commandsOf('host1', 'ip')).length;
    await asking.ask([{ kind: 'echo', vif: 'vif2.0', target: '10.2.0.1', onLink: true }]);
    expect((await asking.results(1)).map(({ received }) => received)).to.deep.equal([3]);
    const more = (await commandsOf('host1', 'ip')).slice(made);
    expect(more.filter((command) => command.includes('20045'))).to.deep.equal([]);
    await answering.set(...answering.destroy(1));
    while ((await rules()) !== before) await delay(20);
    for (const table of ['20045', '20046']) {
      expect(await lab.run('ip', '-n', 'node2', '-4', 'route', 'show', 'table', table)).to.equal('');
    }
  });

  it('may be told the same twice', async () => {
    const requests = requestsAt('host1');
    const request = [...requests.make(1, from1(PROXY2, { count: 20 })), ...requests.begin()];
    const before = (await commandsOf('host1', 'fping')).length;
    await requests.set(...request);
    await requests.set(...request);
    await requests.until(1, 'running', 'done');
    await requests.set(...request);
    const changed = await requests.trySet(requests.make(1, from1(PROXY2, { count: 21 })));
    expect(changed.stderr).to.match(/inconsistentValue/);
    expect(await requests.until(1, 'done', 'failed')).to.include({ state: 'done', sent: 20, received: 20 });
    await requests.set(...request);
    expect((await commandsOf('host1', 'fping')).length - before).to.equal(1);
    await requests.set(...requests.destroy(1));
    await requests.set(...requests.destroy(1));
    expect(await lab.run('snmpwalk', 'host1', `netemuProbeTable`)).to.not.contain(String(last));
  });

  for (const [what, more, wanted] of [
    ['UDP datagrams', { bandwidth: 10_000, size: 1400 }, 10_000],
    ['TCP', {}, LINK],
  ] as const) {
    it(`measure the throughput of ${what}`, async () => {
      const [receiver, sender] = [requestsAt('host1'), requestsAt('host2')];
      await receiver.ask([from1(PROXY1, { kind: 'receive', duration: 5000 })]);
      await receiver.until(1, 'running');
      await sender.ask([from1(PROXY1, { kind: 'send', duration: 5000, ...more })]);
      const sent = await sender.until(1, 'done', 'failed');
      const received = await receiver.until(1, 'done', 'failed');
      expect([sent.message, received.message]).to.deep.equal(['', '']);
      expect(received.duration).to.be.within(900_000, 5_100_000);
      const kilobits = (received.octets * 8000) / received.duration;
      // Loose: the machine may have other work. But no link carries more than it has.
      expect(kilobits).to.be.within(wanted / 3, Math.min(LINK, wanted * 1.1));
      if (what === 'TCP') return;
      expect(sent.sent).to.be.greaterThan(0);
      expect(received.received).to.be.within(1, received.sent);
      expect(await linkState('host1', 'ProbeBandwidth', PROXY2)).to.equal(Math.round(kilobits));
    });
  }

  it('try a port of TCP and of UDP, and tell an answer from a refusal and from silence', async () => {
    const log = '/tmp/netmgr-probe-heard';
    const listen = lab.try([
      'ip',
      'netns',
      'exec',
      'proxy2',
      'timeout',
      '30',
      'sh',
      '-c',
      `
      socat TCP4-LISTEN:5400,fork OPEN:/dev/null & socat UDP4-LISTEN:5401,fork EXEC:cat &
      socat -u UDP4-LISTEN:5402 CREATE:${log} & wait`,
    ]);
    while (!(await lab.at('proxy2', 'ss -Hlnu')).includes(':5402')) await delay(50);
    const requests = requestsAt('host1');
    const port = (kind: 'connect' | 'datagram', number: number, target = PROXY2): Columns =>
      from1(target, { kind, port: number, timeout: 1000 });
    await requests.ask([
      ...[port('connect', 5400), port('connect', 5499), port('connect', 5400, NODE2)],
      ...[port('datagram', 5401), port('datagram', 5402), port('datagram', 5499)],
      port('connect', 5400, '10.2.0.77'),
    ]);
    const results = await requests.results(7);
    expect(
      results.map(({ state, sent, received, message }) => [state, sent, received, message]),
    ).to.deep.equal([
      ['done', 1, 1, ''],
      ['done', 1, 1, 'Connection refused'],
      ['failed', 0, 0, 'socat: Network is unreachable'],
      ['done', 1, 1, ''],
      ['done', 1, 0, ''],
      ['done', 1, 1, 'Connection refused'],
      ['failed', 0, 0, 'socat: Network is unreachable'],
    ]);
    expect(await lab.at('proxy2', `cat ${log}`)).to.equal('netmgr probe\n');
    for (const pid of (await lab.run('ip', 'netns', 'pids', 'proxy2')).split('\n')) {
      const name = await lab.read(`/proc/${pid}/comm`).catch(() => '');
      if (name.trim() === 'socat') await lab.run('kill', pid);
    }
    await listen;
  });

  it('end when their requests are destroyed', async () => {
    const requests = requestsAt('host1');
    await requests.ask([
      from1(PROXY1, { kind: 'receive', port: 5300, duration: 60_000 }),
      from1(PROXY2, { count: 10_000 }),
    ]);
    await requests.until(1, 'running');
    await requests.until(2, 'running');
    const running = async (): Promise<string[]> => {
      const pids = (await lab.run('ip', 'netns', 'pids', 'proxy1')).split('\n').filter((pid) => pid !== '');
      const names = await Promise.all(pids.map((pid) => lab.read(`/proc/${pid}/comm`).catch(() => '')));
      return names.map((name) => name.trim()).filter((name) => ['fping', 'iperf3'].includes(name));
    };
    expect(await running()).to.have.members(['fping', 'iperf3']);
    await requests.set(...requests.destroy(1), ...requests.destroy(2));
    const deadline = Date.now() + 10_000;
    while ((await running()).length > 0) expect(Date.now(), 'they do not end').to.be.lessThan(deadline);
    expect(await lab.at('proxy1', 'ss -Hltn')).to.equal('');
  });

  it('say why they fail', async () => {
    const requests = requestsAt('host1');
    await requests.ask([
      from1(PROXY2, { kind: 'receive' }),
      from1(PROXY2, { kind: 'send', port: 5999 }),
      from1(NODE2, { kind: 'send', timeout: 300 }),
    ]);
    const [foreign, refused, silent] = await requests.results(3);
    expect(foreign).to.include({ state: 'failed' });
    expect(foreign?.message).to.match(/^iperf3: .*assign requested address/);
    expect(refused?.message).to.match(/^iperf3: .*refused/);
    expect(silent?.state).to.equal('failed');
    expect(silent?.message).to.match(/^iperf3: /);
  });

  it('are no matter of the configuration, and need no owner', async () => {
    const digests = (): Promise<string> =>
      lab.run('snmpget', '-Oqv', 'host1', 'netemuCfgCandidateDigest.0', 'netemuCfgRunningDigest.0');
    const before = await digests();
    const requests = requestsAt('host1');
    await requests.set(...requests.make(1, from1(PROXY2)));
    expect(await digests()).to.equal(before);
    const owned = ['netemuCfgOwner.0', 's', 'a test', 'netemuCfgLabel.0', 's', 'x'];
    const mixed = await requests.trySet([...requests.make(2, from1(PROXY2)), ...owned]);
    expect(mixed.stderr).to.match(/inconsistentValue/);
    expect((await lab.try(['snmpget', '-Oqv', 'host1', 'netemuCfgLabel.0'])).stdout).to.not.match(/x/);
    const unknown = await requests.trySet(requests.make(3, { ...from1(PROXY2), vif: 'vif9.0' }));
    expect(unknown.stderr).to.match(/inconsistentValue/);
  });

  it('may be read by the reader, and asked for by the manager alone', async () => {
    const text = await lab.read(`${LAB_DIRECTORY}/agents/host1.secrets`);
    const secret = (name: string): string => new RegExp(`^reader\\.${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    const reader = ['-u', 'nms', '-A', secret('auth'), '-X', secret('priv')];
    const requests = requestsAt('host1');
    await requests.ask([from1(PROXY2)]);
    const walked = await lab.run('snmpwalk', ...reader, 'host1', 'netemuProbe');
    expect(walked).to.contain(`netemuProbeResultState.${String(last)}.1`);
    for (const varBinds of [requests.begin(), requests.destroy(1), requests.make(2, from1(PROXY2))]) {
      const { exitCode, stderr } = await requests.trySet(varBinds, reader);
      expect(stderr).to.match(/noAccess|authorizationError/);
      expect(exitCode).to.not.equal(0);
    }
    expect((await requests.until(1, 'done', 'failed')).state).to.equal('done');
  });

  it('have logged no error', async () => {
    for (const host of ['host1', 'host2']) {
      expect((await lab.log(host)).filter(({ level }) => level >= 50)).to.deep.equal([]);
    }
  });
});
