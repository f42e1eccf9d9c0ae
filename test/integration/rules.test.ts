import { expect } from 'chai';
import type { ProbeProtocol } from '../../src/lab/prober/probers.js';
import { fixture, LiveLab, PAIR, skipWithoutRoot } from './live-lab.js';
import { skipInSample } from '../sample.js';

const RULES = fixture('virtual-env/pair-rules.xml');
const PROTOCOLS: readonly ProbeProtocol[] = ['icmp', 'tcp', 'udp'];
/** Milliseconds. */
const PATIENCE = 1500;
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  proxy1: ['10.1.0.1', 'fd00:1::1'],
  node1: ['10.1.0.101', 'fd00:1::101'],
  proxy2: ['10.2.0.1', 'fd00:2::1'],
  node2: ['10.2.0.101', 'fd00:2::101'],
};
const MACHINES = Object.keys(ADDRESSES);

/** What of the file's rules and policies lets whom ask whom. */
const ALLOWED = new Set([
  ...['proxy1 node1', 'proxy2 node2', 'node2 proxy2'].flatMap((pair) =>
    PROTOCOLS.map((one) => `${pair} ${one}`),
  ),
  'node1 proxy1 icmp',
  'node1 proxy1 tcp',
  'proxy1 proxy2 tcp',
  'proxy1 proxy2 udp',
  // What is denied is asking: answers to what is allowed pass.
  'proxy2 proxy1 icmp',
  'proxy2 proxy1 tcp',
  'proxy2 proxy1 udp',
  'node1 node2 tcp',
  'node2 node1 udp',
  'proxy2 node1 udp',
]);

const PROBES = MACHINES.flatMap((from) =>
  MACHINES.filter((to) => to !== from).flatMap((to) =>
    (ADDRESSES[to] ?? []).flatMap((address) =>
      PROTOCOLS.map((protocol) => ({
        from,
        to,
        protocol,
        address,
        expected: ALLOWED.has(`${from} ${to} ${protocol}`),
      })),
    ),
  ),
);

describe('allow and deny', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'allow and deny');
    lab = await LiveLab.start([PAIR, RULES]);
  });

  after(async () => {
    await lab.stop();
  });

  const answered = async (): Promise<string[]> => {
    const found = await lab.order({ type: 'probe', machines: MACHINES, probes: PROBES, patience: PATIENCE });
    return found
      .filter(({ milliseconds }) => milliseconds !== null)
      .map(({ probe: { from, to, protocol, address } }) => `${from} ${to} ${protocol} ${address}`);
  };

  it('let through exactly what the first rule that matches says, both IP versions, and the answers', async () => {
    const expected = PROBES.filter((probe) => probe.expected).map(
      ({ from, to, protocol, address }) => `${from} ${to} ${protocol} ${address}`,
    );
    expect(await answered()).to.have.members(expected);
  });

  it('leave nothing to do when they are applied again', async () => {
    const { rows } = await lab.manage('plan', PAIR, RULES);
    expect(Object.values(rows)).to.deep.equal([0, 0]);
  });

  it('are gone with the environment, and nobody keeps states for them', async () => {
    await lab.manage('destroy', PAIR);
    for (const host of ['host1', 'host2']) {
      for (const tool of ['iptables-save', 'ip6tables-save']) {
        expect(await lab.at(host, tool)).not.to.match(/NETMGR|conntrack/);
      }
    }
    await lab.manage('apply', PAIR, RULES);
  });

  it('let the outside world in and out where they say so, and not else', async function () {
    skipInSample(this, 'rules of the outside world');
    // A machine at the switch, which no site has, and which knows the way to the sites.
    await lab.run('ip', 'netns', 'add', 'world');
    const bridge = 'xenbr0';
    await lab.at('host1', `ip link add world0 master ${bridge} type veth peer name eth0 netns world`);
    await lab.at('host1', 'ip link set world0 up');
    for (const words of [
      'ip link set eth0 up',
      'ip address add 192.0.2.1/24 dev eth0',
      'ip route add 10.0.0.0/8 dev eth0',
    ]) {
      await lab.at('world', words);
    }
    for (const machine of ['node1', 'node2']) await lab.at(machine, 'ip route add 192.0.2.0/24 dev eth0');
    const asks = async (from: string, to: string): Promise<boolean> =>
      (await lab.try(['ip', 'netns', 'exec', from, 'ping', '-c', '2', '-i', '0.3', '-W', '1', to]))
        .exitCode === 0;
    const ways = async (): Promise<boolean[]> => [
      await asks('node1', '192.0.2.1'),
      await asks('world', '10.1.0.101'),
      await asks('node2', '192.0.2.1'),
      await asks('world', '10.2.0.101'),
    ];
    expect(await ways(), 'without a rule').to.deep.equal([false, false, false, false]);
    const rules = await lab.read(RULES);
    const open = `${lab.directory}/open.xml`;
    await lab.write(
      open,
      rules.replace(
        '<deny from="site1" to="site2"',
        '<allow from="site1/node1" to="any" protocol="icmp"/><allow from="any" to="site2" protocol="icmp"/><deny from="site1" to="site2"',
      ),
    );
    await lab.manage('apply', PAIR, open);
    expect(await ways(), 'out of node1, in to site2').to.deep.equal([true, false, false, true]);
    await lab.manage('apply', PAIR, RULES);
    expect(await ways(), 'without a rule again').to.deep.equal([false, false, false, false]);
  });
});
