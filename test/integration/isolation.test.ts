import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ProbeProtocol } from '../../src/lab/prober/probers.js';
import type { ExpectedProbe } from '../../src/lab/prober/probe-pairs.js';
import type { Answers } from './order.js';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const SEND_FRAME = fileURLToPath(new URL('send-frame.pl', import.meta.url));
const HOSTS = ['host1', 'host2'];
const PROTOCOLS: readonly ProbeProtocol[] = ['icmp', 'tcp', 'udp'];
/** Milliseconds. */
const PATIENCE = 1500;

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  proxy1: ['10.1.0.1', 'fd00:1::1', 'fe80::216:3eff:fe00:100%eth0'],
  node1: ['10.1.0.101', 'fd00:1::101', 'fe80::216:3eff:fe00:101%eth0'],
  proxy2: ['10.2.0.1', 'fd00:2::1', 'fe80::216:3eff:fe00:200%eth0'],
  node2: ['10.2.0.101', 'fd00:2::101', 'fe80::216:3eff:fe00:201%eth0'],
};
const MACHINES = Object.keys(ADDRESSES);
const MACS: Readonly<Record<string, string>> = {
  proxy1: '00:16:3e:00:01:00',
  node1: '00:16:3e:00:01:01',
  proxy2: '00:16:3e:00:02:00',
  node2: '00:16:3e:00:02:01',
};
const REACHING = new Set(['proxy1 node1', 'proxy2 node2', 'proxy1 proxy2']);

const mayReach = (a: string, b: string): boolean => REACHING.has(`${a} ${b}`) || REACHING.has(`${b} ${a}`);

/** Every ordered pair by each protocol over each kind of address. */
const PROBES = MACHINES.flatMap((from) =>
  MACHINES.filter((to) => to !== from).flatMap((to) =>
    (ADDRESSES[to] ?? []).flatMap((address) =>
      PROTOCOLS.map((protocol) => ({ from, to, protocol, address, expected: mayReach(from, to) })),
    ),
  ),
);

describe('isolation', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'isolation');
    lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH]);
  });

  after(async () => {
    await lab.stop();
  });

  afterEach(async () => {
    // What the tests took away comes back.
    await lab.manage('destroy', PAIR);
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
  });

  const outcomes = async (probes: readonly ExpectedProbe[]): Promise<Answers['probe']> => {
    const found = await lab.order({ type: 'probe', machines: MACHINES, probes, patience: PATIENCE });
    expect(found).to.have.lengthOf(probes.length);
    return found;
  };

  /** What is not as the file says, as `from to protocol address`. */
  const wrong = async (probes: readonly ExpectedProbe[] = PROBES): Promise<string[]> =>
    (await outcomes(probes))
      .filter(({ probe, milliseconds }) => probe.expected !== (milliseconds !== null))
      .map(({ probe: { from, to, protocol, address } }) => `${from} ${to} ${protocol} ${address}`);

  /** What is silent where everything should answer: then silence before had no other reason than netmgr. */
  const silent = (): Promise<string[]> => wrong(PROBES.map((probe) => ({ ...probe, expected: true })));

  const pairsOf = (found: readonly string[]): string[] => [
    ...new Set(found.map((text) => text.split(' ').slice(0, 2).join(' '))),
  ];
  const BLOCKED = MACHINES.flatMap((from) =>
    MACHINES.filter((to) => to !== from && !mayReach(from, to)).map((to) => `${from} ${to}`),
  );

  const removeRules = async (host: string): Promise<void> => {
    for (const tool of ['iptables', 'ip6tables']) await lab.at(host, `${tool} -D FORWARD -j NETMGR-FORWARD`);
  };

  /** Machines that need not ask who has an address, as their owners could arrange. */
  const changeNeighbours = async (verb: 'replace' | 'del'): Promise<void> => {
    for (const machine of MACHINES) {
      const lines = MACHINES.filter((other) => other !== machine).flatMap((other) =>
        (ADDRESSES[other] ?? []).map(
          (address) =>
            `neigh ${verb} ${address.replace('%eth0', '')} lladdr ${MACS[other] ?? ''} dev eth0 nud permanent\n`,
        ),
      );
      const { exitCode, stderr } = await lab.try(['ip', '-n', machine, '-batch', '-'], {
        input: lines.join(''),
      });
      expect(exitCode, stderr).to.equal(0);
    }
  };

  it('lets through exactly what the file says, and the probes tell when it is gone', async () => {
    expect(await wrong()).to.deep.equal([]);
    for (const host of HOSTS) {
      await removeRules(host);
      await lab.at(host, 'nft delete table bridge netmgr');
    }
    expect(pairsOf(await wrong())).to.have.members(BLOCKED);
    expect(await silent()).to.deep.equal([]);
  });

  it('needs no silence about who has an address', async () => {
    await changeNeighbours('replace');
    try {
      expect(await wrong()).to.deep.equal([]);
      // The rules alone keep single frames apart.
      for (const host of HOSTS) await lab.at(host, 'nft delete table bridge netmgr');
      expect(await wrong()).to.deep.equal([]);
      for (const host of HOSTS) await removeRules(host);
      expect(await silent()).to.deep.equal([]);
    } finally {
      await changeNeighbours('del');
    }
  });

  it('keeps machines from the host they run on, and from its agent', async () => {
    await lab.at('host1', 'ip address add 10.1.0.250/16 dev xenbr0');
    await lab.at('host1', 'ip address add fd00:1::250/64 dev xenbr0 nodad');
    await lab.at('proxy1', 'ip route add 172.16.0.1 via 10.1.0.250');
    const answers = async (...argv: readonly string[]): Promise<boolean> =>
      (await lab.try(['ip', 'netns', 'exec', 'proxy1', ...argv])).exitCode === 0;
    const ways = async (): Promise<boolean[]> => [
      await answers('ping', '-c', '1', '-W', '1', '10.1.0.250'),
      await answers('ping', '-c', '1', '-W', '1', 'fd00:1::250'),
      await answers('snmpget', '-t', '1', '-r', '1', '172.16.0.1', 'SNMPv2-MIB::sysName.0'),
    ];
    expect(await ways()).to.deep.equal([false, false, false]);
    for (const tool of ['iptables', 'ip6tables']) await lab.at('host1', `${tool} -D INPUT -j NETMGR-INPUT`);
    expect(await ways()).to.deep.equal([true, true, true]);
  });

  it("stops what is sent under another's address, IPv4, IPv6 and ARP", async () => {
    // node2 of site 2 pretends to be node1 of site 1 towards proxy1, on the same bridge.
    for (const [family, address] of [
      ['iptables', '10.1.0.101'],
      ['ip6tables', 'fd00:1::101'],
    ] as const) {
      await lab.at('proxy1', `${family} -A INPUT -s ${address}`);
    }
    await lab.at('proxy1', 'ip neigh flush dev eth0');
    await lab.at('node2', 'ip address add 10.1.0.101/16 dev eth0');
    await lab.at('node2', 'ip address add fd00:1::101/64 dev eth0 nodad');
    const arrived = async (family: string): Promise<boolean> => {
      const lines = (await lab.at('proxy1', `${family} -nvxL INPUT`)).split('\n');
      return Number(lines[2]?.trim().split(/\s+/)[0]) > 0;
    };
    const neighbour = async (): Promise<boolean> =>
      (await lab.at('proxy1', 'ip neigh show 10.1.0.101')).includes('00:16:3e:00:02:01');
    const spoof = async (): Promise<Record<string, boolean>> => {
      const ping = ['ip', 'netns', 'exec', 'node2', 'ping', '-c', '2', '-i', '0.2', '-W', '1'] as const;
      // The first has to ask for proxy1 by ARP under the false address; the others need not ask.
      await lab.try([...ping, '-I', '10.1.0.101', '10.1.0.1']);
      const arp = await neighbour();
      for (const to of ['10.1.0.1', 'fd00:1::1']) {
        await lab.at('node2', `ip neigh replace ${to} lladdr 00:16:3e:00:01:00 dev eth0`);
      }
      await lab.try([...ping, '-I', '10.1.0.101', '10.1.0.1']);
      await lab.try([...ping, '-I', 'fd00:1::101', 'fd00:1::1']);
      return { arp, ipv4: await arrived('iptables'), ipv6: await arrived('ip6tables') };
    };
    expect(await spoof()).to.deep.equal({ arp: false, ipv4: false, ipv6: false });
    await lab.at('host1', 'nft delete table bridge netmgr');
    await lab.at('node2', 'ip neigh flush dev eth0');
    await lab.at('node2', 'ip neigh del 10.1.0.1 dev eth0');
    expect(await spoof()).to.deep.equal({ arp: true, ipv4: true, ipv6: true });
  });

  it('stops what has a VLAN tag, whatever is inside', async () => {
    // At one bridge with proxy1, which is of another site.
    const mac = MACS['node2'] ?? '';
    const chain = `type filter hook ingress device eth0 priority 0\nether saddr ${mac} ether type { 8021q, 8021ad } counter`;
    const text = `table netdev watch\ndelete table netdev watch\ntable netdev watch {\nchain in {\n${chain}\n}\n}\n`;
    const watch = await lab.try(['ip', 'netns', 'exec', 'proxy1', 'nft', '-f', '-'], { input: text });
    expect(watch.exitCode, watch.stderr).to.equal(0);
    const counted = async (): Promise<number> =>
      Number(/counter packets (\d+)/.exec(await lab.at('proxy1', 'nft list table netdev watch'))?.[1]);
    // An empty UDP packet from node2 to proxy1, both as they are, behind tags of no VLAN, of one, and of two.
    const hex = (text: string): string => text.replaceAll(':', '');
    const ip = '450000160000000040110000' + '0a020065' + '0a010001' + '00010002000a00000000';
    const frames = ['81000000', '81000005', '88a8000581000005'].map(
      (tags) => `${hex(MACS['proxy1'] ?? '')}${hex(mac)}${tags}0800${ip}`,
    );
    const ask = async (): Promise<void> => {
      const index = (await lab.at('node2', 'cat /sys/class/net/eth0/ifindex')).trim();
      await lab.run('ip', 'netns', 'exec', 'node2', 'perl', SEND_FRAME, index, ...frames);
    };
    await ask();
    expect(await counted()).to.equal(0);
    await lab.at('host1', 'nft delete table bridge netmgr');
    await ask();
    // Nothing else stops them: iptables sees no frame that has a tag.
    expect(await counted()).to.equal(frames.length);
    await lab.at('proxy1', 'nft delete table netdev watch');
  });
});
