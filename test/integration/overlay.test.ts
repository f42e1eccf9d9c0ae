import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ExpectedProbe } from '../../src/lab/prober/probe-pairs.js';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { fixture, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const ISLANDS = fixture('real-env/islands.xml');
const OVERLAYS = fixture('virtual-env/islands.xml');
const HOSTS = ['host1', 'host2', 'host3'];
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  proxy1: ['10.1.0.1', 'fd00:1::1', 'fe80::216:3eff:fe00:100%eth0'],
  node1a: ['10.1.0.101', 'fd00:1::101', 'fe80::216:3eff:fe00:101%eth0'],
  node1b: ['10.1.0.102', 'fd00:1::102', 'fe80::216:3eff:fe00:102%eth0'],
  proxy2: ['10.2.0.1', 'fd00:2::1', 'fe80::216:3eff:fe00:200%eth0'],
  node2a: ['10.2.0.101', 'fd00:2::101', 'fe80::216:3eff:fe00:201%eth0'],
  node2b: ['10.2.0.102', 'fd00:2::102', 'fe80::216:3eff:fe00:202%eth0'],
};
const MACHINES = Object.keys(ADDRESSES);
const siteOf = (machine: string): string => machine.charAt(machine.startsWith('proxy') ? 5 : 4);
const mayReach = (a: string, b: string): boolean =>
  siteOf(a) === siteOf(b) || (a.startsWith('proxy') && b.startsWith('proxy'));

const PROBES: readonly ExpectedProbe[] = MACHINES.flatMap((from) =>
  MACHINES.filter((to) => to !== from).flatMap((to) =>
    (ADDRESSES[to] ?? []).flatMap((address) =>
      (['icmp', 'udp'] as const).map((protocol) => ({
        ...{ from, to, protocol, address },
        expected: mayReach(from, to),
      })),
    ),
  ),
);
const SITE3 = `<site name="site3" network="10.3.0.0/16" overlay="vxlan">
  <node vm="proxy3" address="10.3.0.1" role="proxy"/><node vm="node3" address="10.3.0.101"/></site>`;

/** The MAC address that a forged frame comes from. */
const FORGER = '02:00:00:00:06:66';

/** A VXLAN packet as hexadecimal: network and an ARP request to all, as if proxy2 had sent it. */
function forged(vni: number): string {
  const header = `08000000${vni.toString(16).padStart(6, '0')}00`;
  const arp = '00010800060400010016' + '3e000200' + '0a020001' + '000000000000' + '0a020066';
  return `${header}ffffffffffff${FORGER.replaceAll(':', '')}0806${arp}`;
}

describe('overlays between hosts', function () {
  let lab: LiveLab;
  let original: Dump;

  before(async function () {
    skipWithoutRoot(this, 'overlays');
    lab = await LiveLab.start([ISLANDS]);
    for (const machine of [...MACHINES, 'proxy3', 'node3']) await lab.at(machine, 'ip link set dev eth0 up');
    // iptables keeps an empty table, once there was one.
    for (const host of HOSTS)
      for (const tool of ['iptables', 'ip6tables']) await lab.at(host, `${tool} -N MINE`);
    original = await dumpKernel(lab, HOSTS, MACHINES);
    await lab.manage('apply', ISLANDS, OVERLAYS);
  });

  after(async () => {
    await lab.stop();
  });

  /** The VXLAN devices of a host, with what says whether they are the same ones, and their networks. */
  const devices = async (
    host: string,
  ): Promise<readonly { name: string; ifindex: number; vni: number }[]> => {
    const text = await lab.at(host, 'ip -j -d link show type vxlan');
    const found = JSON.parse(text) as {
      ifname: string;
      ifindex: number;
      linkinfo: { info_data: { id: number } };
    }[];
    return found.map(({ ifname, ifindex, linkinfo }) => ({
      name: ifname,
      ifindex,
      vni: linkinfo.info_data.id,
    }));
  };
  const wrong = async (): Promise<string[]> => {
    const found = await lab.order({ type: 'probe', machines: MACHINES, probes: PROBES, patience: 1500 });
    expect(found).to.have.lengthOf(PROBES.length);
    return found
      .filter(({ probe, milliseconds }) => probe.expected !== (milliseconds !== null))
      .map(({ probe: { from, to, protocol, address } }) => `${from} ${to} ${protocol} ${address}`);
  };
  const ping = async (from: string, words: string): Promise<string> => {
    const { stdout, stderr } = await lab.try(['ip', 'netns', 'exec', from, 'ping', ...words.split(' ')]);
    return stdout + stderr;
  };
  const counter = async (namespace: string, device: string, name: string): Promise<number> =>
    Number(await lab.at(namespace, `cat /sys/class/net/${device}/statistics/${name}`));

  it('let through exactly what the file says, and nothing when the overlays are gone', async () => {
    expect(await wrong()).to.deep.equal([]);
    for (const host of HOSTS) {
      for (const { name } of await devices(host)) await lab.at(host, `ip link del dev ${name}`);
    }
    const apart = new Set((await wrong()).map((words) => words.split(' ').slice(0, 2).join(' ')));
    expect(apart).to.include('proxy1 node1b').and.to.include('proxy1 proxy2').and.to.include('node2a node2b');
    // What is gone is drift, and comes back.
    await lab.manage('apply', ISLANDS, OVERLAYS);
    expect(await wrong()).to.deep.equal([]);
  });

  it('carry every frame once, and what is for all to its site alone', async () => {
    for (const [from, to] of [
      ['proxy1', '10.2.0.1'],
      ['node1a', '10.1.0.102'],
      ['node2a', 'fd00:2::102'],
    ] as const) {
      const words = await ping(from, `-c 5 -i 0.2 -W 1 ${to}`);
      expect(words).to.include(' 0% packet loss').and.not.to.include('DUP');
    }
    const before = await Promise.all(['node1b', 'node2a'].map((name) => counter(name, 'eth0', 'rx_packets')));
    // Nobody has the address: three questions to all, and no answer.
    await ping('node1a', '-c 3 -W 1 10.1.0.77');
    const after = await Promise.all(['node1b', 'node2a'].map((name) => counter(name, 'eth0', 'rx_packets')));
    const [own = 0, other = 0] = after.map((count, i) => count - (before[i] ?? 0));
    expect(own).to.be.within(1, 8);
    expect(other).to.be.below(own);
  });

  it('carry what fits into a packet between the hosts whole, and say what does not', async () => {
    expect(await ping('node1a', '-c 2 -W 1 -M do -s 1422 10.1.0.102')).to.include(' 0% packet loss');
    expect(await ping('node1a', '-c 2 -W 1 -M do -s 1472 10.1.0.102')).to.include('mtu=1450');
    expect(await ping('node2a', '-c 2 -W 1 -M dont -s 1472 10.2.0.102')).to.include(' 0% packet loss');
  });

  it('take nothing from a machine that speaks VXLAN itself', async () => {
    const [, second] = await devices('host1');
    const vnis = (await devices('host3')).map(({ vni }) => vni);
    const target = (await devices('host1')).find(({ vni }) => vnis.includes(vni)) ?? second;
    if (target === undefined) throw new Error('host1 has no overlay of site2');
    await lab.at('host1', 'ip addr add 10.1.0.250/16 dev br0');
    const send = `const s=require('dgram').createSocket('udp4');s.send(Buffer.from('${forged(target.vni)}','hex'),4789,'10.1.0.250',()=>s.close())`;
    // By their own source, among what machines and hosts send of themselves.
    const hook = `type filter hook ingress device "${target.name}" priority 0;`;
    const count = `table netdev forged {\nchain in {\n${hook}\nether saddr ${FORGER} counter\n}\n}`;
    await lab.run('ip', 'netns', 'exec', 'host1', 'nft', count);
    const seen = async (): Promise<number> => {
      const words = await lab.at('host1', 'nft list table netdev forged');
      return Number(/counter packets ([0-9]+)/.exec(words)?.[1]);
    };
    const inject = async (): Promise<number> => {
      const before = await seen();
      for (let i = 0; i < 3; i++)
        await lab.run('ip', 'netns', 'exec', 'node1a', process.execPath, '-e', send);
      return (await seen()) - before;
    };
    try {
      expect(await inject()).to.equal(0);
      // The rules are what keeps it out.
      await lab.at('host1', 'iptables -F NETMGR-INPUT');
      expect(await inject()).to.be.at.least(1);
    } finally {
      await lab.at('host1', 'nft delete table netdev forged');
      await lab.at('host1', 'ip addr del 10.1.0.250/16 dev br0');
      await lab.manage('apply', ISLANDS, OVERLAYS);
    }
  });

  it('leave one another alone when a site comes and goes', async () => {
    const more = `${lab.directory}/more.xml`;
    await lab.write(more, readFileSync(OVERLAYS, 'utf8').replace('<link', `${SITE3}<link`));
    const before = await devices('host1');
    await lab.manage('apply', ISLANDS, more);
    const during = await devices('host1');
    expect(during)
      .to.include.deep.members([...before])
      .and.to.have.lengthOf(before.length + 1);
    expect(await ping('node3', '-c 2 -W 1 10.3.0.1')).to.include(' 0% packet loss');
    await lab.manage('apply', ISLANDS, OVERLAYS);
    expect(await devices('host1')).to.deep.equal(before);
  });

  it('are refused where somebody else has the network, and leave the hosts as they were', async () => {
    const [first] = await devices('host2');
    await lab.manage('destroy', ISLANDS);
    expect(differencesOf(original, await dumpKernel(lab, HOSTS, MACHINES))).to.deep.equal([]);
    await lab.at(
      'host2',
      `ip link add theirs type vxlan id ${String(first?.vni)} dstport 4789 local 172.16.0.2`,
    );
    try {
      const { errors } = await lab.tryManage('apply', ISLANDS, OVERLAYS);
      expect(JSON.stringify(errors)).to.include('somebody else').and.to.include('overlay-vni');
    } finally {
      await lab.at('host2', 'ip link del theirs');
    }
    expect(differencesOf(original, await dumpKernel(lab, HOSTS, MACHINES))).to.deep.equal([]);
  });
});

describe('overlays between hosts that share an uplink too', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'overlays beside an uplink');
    lab = await LiveLab.start([PAIR]);
    const virtual = `${lab.directory}/virtual.xml`;
    const text = readFileSync(PAIR_BANDWIDTH, 'utf8').replaceAll('<site ', '<site overlay="vxlan" ');
    await lab.write(virtual, text);
    await lab.manage('apply', PAIR, virtual);
  });

  after(async () => {
    await lab.stop();
  });

  it('carry every frame once, by one way, and make no loop', async () => {
    for (const address of ['10.1.0.101', 'fd00:1::101', '10.2.0.1']) {
      const { stdout } = await lab.try([
        'ip',
        'netns',
        'exec',
        'proxy1',
        'ping',
        '-c',
        '5',
        '-i',
        '0.2',
        '-W',
        '1',
        address,
      ]);
      expect(stdout).to.include(' 0% packet loss').and.not.to.include('DUP');
    }
    const received = async (): Promise<number> =>
      Number(await lab.at('node1', 'cat /sys/class/net/eth0/statistics/rx_packets'));
    const before = await received();
    await lab.try(['ip', 'netns', 'exec', 'proxy1', 'ping', '-c', '3', '-W', '1', '10.1.0.77']);
    expect((await received()) - before).to.be.within(1, 8);
  });
});
