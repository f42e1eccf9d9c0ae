import { expect } from 'chai';
import type { ProbeProtocol } from '../../src/lab/prober/probers.js';
import { fixture, LiveLab, PAIR, skipWithoutRoot } from './live-lab.js';

const ROUTED = fixture('virtual-env/pair-routed.xml');
const PROTOCOLS: readonly ProbeProtocol[] = ['icmp', 'tcp', 'udp'];
/** Milliseconds. */
const PATIENCE = 1500;
const HOSTS = ['host1', 'host2'];
const MACHINES: Readonly<Record<string, { mac: string; ip: string; ip6: string }>> = {
  proxy1: { mac: '00:16:3e:00:01:00', ip: '10.1.0.1', ip6: 'fd00:1::1' },
  node1: { mac: '00:16:3e:00:01:01', ip: '10.1.0.101', ip6: 'fd00:1::101' },
  proxy2: { mac: '00:16:3e:00:02:00', ip: '10.2.0.1', ip6: 'fd00:2::1' },
  node2: { mac: '00:16:3e:00:02:01', ip: '10.2.0.101', ip6: 'fd00:2::101' },
};
const of = (name: string): { mac: string; ip: string; ip6: string } => {
  const found = MACHINES[name];
  if (found === undefined) throw new Error(name);
  return found;
};
/** Octets of data by which the frames of an attack are told from all others: 28 more in IPv4, 48 in IPv6. */
const MARK = 777;

/** A frame that node1, of site 1, sends to the MAC address of a machine of site 2, with what source and to whom. */
interface Attack {
  readonly victim: 'proxy2' | 'node2';
  /** Whose IP address it has as its source. */
  readonly source: string;
  /** Whose it has as its destination. */
  readonly target: string;
  /** Whose MAC address it has as its source. */
  readonly mac: string;
}

const ATTACKS: readonly Attack[] = (['proxy2', 'node2'] as const).flatMap((victim) =>
  ['node1', 'proxy1', 'proxy2', 'node2']
    .filter((source) => source !== victim)
    .flatMap((source) =>
      ['proxy2', 'node2', 'proxy1']
        .filter((target) => target !== source)
        .flatMap((target) => ['node1', 'proxy1', 'proxy2'].map((mac) => ({ victim, source, target, mac }))),
    ),
);

describe('routed sites', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'routed sites');
    lab = await LiveLab.start([PAIR, ROUTED]);
  });

  after(async () => {
    await lab.stop();
  });

  it('let everybody reach everybody', async () => {
    const names = Object.keys(MACHINES);
    const probes = names.flatMap((from) =>
      names
        .filter((to) => to !== from)
        .flatMap((to) =>
          [of(to).ip, of(to).ip6].flatMap((address) =>
            PROTOCOLS.map((protocol) => ({ from, to, protocol, address, expected: true })),
          ),
        ),
    );
    const found = await lab.order({ type: 'probe', machines: names, probes, patience: PATIENCE });
    expect(found.filter(({ milliseconds }) => milliseconds === null).map(({ probe }) => probe)).to.deep.equal(
      [],
    );
  });

  it('lead the way through the two proxies', async () => {
    // Each router takes one off the hops that are left.
    const hops = async (to: string, ttl: number): Promise<string> =>
      (await lab.try(['ip', 'netns', 'exec', 'node1', 'ping', '-c', '1', '-W', '1', '-t', String(ttl), to]))
        .stdout;
    expect(await hops('10.2.0.101', 1)).to.include('From 10.1.0.1 icmp_seq=1 Time to live exceeded');
    expect(await hops('10.2.0.101', 2)).to.include('From 10.2.0.1 icmp_seq=1 Time to live exceeded');
    expect(await hops('10.2.0.101', 3)).to.include('1 received');
  });

  it('forward in their proxies alone, and there only while the environment stands', async () => {
    const forwards = async (machine: string): Promise<string> =>
      (
        await lab.at(
          machine,
          'sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.eth0.send_redirects',
        )
      )
        .replaceAll('\n', ' ')
        .trim();
    const all = async (): Promise<string[]> => Promise.all(Object.keys(MACHINES).map(forwards));
    expect(await all()).to.deep.equal(['1 1 0', '0 0 1', '1 1 0', '0 0 1']);
    await lab.manage('destroy', PAIR);
    expect(await all()).to.deep.equal(['0 0 1', '0 0 1', '0 0 1', '0 0 1']);
    await lab.manage('apply', PAIR, ROUTED);
    expect(await all()).to.deep.equal(['1 1 0', '0 0 1', '1 1 0', '0 0 1']);
  });

  /** Counts what arrives at a machine with the mark of the attacks, or asks for a neighbour from elsewhere. */
  const count = async (machine: string): Promise<void> => {
    const rules = [
      `ip length ${String(MARK + 28)} counter`,
      `ip6 length ${String(MARK + 8)} counter`,
      `ether type arp arp saddr ip { ${of('node1').ip}, ${of('proxy1').ip} } arp saddr ether ${of('node1').mac} counter`,
    ];
    const chain = `chain in {\ntype filter hook ingress device eth0 priority 0;\n${rules.join('\n')}\n}`;
    const text = `table netdev watch\ndelete table netdev watch\ntable netdev watch {\n${chain}\n}\n`;
    const { exitCode, stderr } = await lab.try(['ip', 'netns', 'exec', machine, 'nft', '-f', '-'], {
      input: text,
    });
    expect(exitCode, stderr).to.equal(0);
  };
  const counted = async (machine: string): Promise<number[]> =>
    [...(await lab.at(machine, 'nft list table netdev watch')).matchAll(/counter packets (\d+)/g)].map(
      ([, packets]) => Number(packets),
    );

  /** node1 sends all frames of the attacks, and asks everybody for its neighbours. */
  const attack = async (attacks: readonly Attack[]): Promise<void> => {
    const { mac: ownMac, ip: ownIp, ip6: ownIp6 } = of('node1');
    const inside = ['ip', 'netns', 'exec', 'node1'] as const;
    for (const one of attacks) {
      const [source, target, victim] = [of(one.source), of(one.target), of(one.victim)];
      const lines = [
        `link set dev eth0 address ${of(one.mac).mac}`,
        ...(one.source === 'node1'
          ? []
          : [`addr replace ${source.ip}/32 dev eth0`, `addr replace ${source.ip6}/128 dev eth0 nodad`]),
        `route replace ${target.ip}/32 dev eth0 src ${source.ip}`,
        `route replace ${target.ip6}/128 dev eth0 src ${source.ip6}`,
        `neigh replace ${target.ip} lladdr ${victim.mac} dev eth0 nud permanent`,
        `neigh replace ${target.ip6} lladdr ${victim.mac} dev eth0 nud permanent`,
      ];
      const { exitCode, stderr } = await lab.try(['ip', '-n', 'node1', '-batch', '-'], {
        input: lines.map((line) => `${line}\n`).join(''),
      });
      expect(exitCode, stderr).to.equal(0);
      for (const to of [target.ip, target.ip6]) {
        await lab.try([...inside, 'ping', '-c', '1', '-W', '0.1', '-s', String(MARK), to]);
      }
      const back = [
        `neigh del ${target.ip} dev eth0`,
        `neigh del ${target.ip6} dev eth0`,
        `route del ${target.ip}/32 dev eth0`,
        `route del ${target.ip6}/128 dev eth0`,
        ...(one.source === 'node1'
          ? []
          : [`addr del ${source.ip}/32 dev eth0`, `addr del ${source.ip6}/128 dev eth0`]),
        `link set dev eth0 address ${ownMac}`,
      ];
      await lab.try(['ip', '-n', 'node1', '-force', '-batch', '-'], {
        input: back.map((line) => `${line}\n`).join(''),
      });
    }
    // Who has the addresses of the others? The question alone must reach nobody there.
    for (const victim of ['proxy2', 'node2']) {
      await lab.at('node1', `ip route replace ${of(victim).ip}/32 dev eth0 src ${ownIp}`);
      await lab.at('node1', `ip route replace ${of(victim).ip6}/128 dev eth0 src ${ownIp6}`);
      for (const to of [of(victim).ip, of(victim).ip6]) {
        await lab.try([...inside, 'ping', '-c', '1', '-W', '0.3', '-s', String(MARK), to]);
      }
      await lab.at('node1', `ip route del ${of(victim).ip}/32 dev eth0`);
      await lab.at('node1', `ip route del ${of(victim).ip6}/128 dev eth0`);
    }
  };

  it('deliver nothing that leaves out a proxy, whatever frames a machine makes', async () => {
    for (const machine of ['proxy2', 'node2']) await count(machine);
    await attack(ATTACKS);
    expect(await counted('proxy2'), 'at the proxy').to.deep.equal([0, 0, 0]);
    expect(await counted('node2'), 'at the node').to.deep.equal([0, 0, 0]);

    // The same frames arrive where nothing stops them.
    for (const host of HOSTS) {
      await lab.at(host, 'nft delete table bridge netmgr');
      for (const tool of ['iptables', 'ip6tables'])
        await lab.at(host, `${tool} -D FORWARD -j NETMGR-FORWARD`);
    }
    await attack(ATTACKS.filter(({ source, mac }) => source === 'node1' && mac === 'node1'));
    for (const machine of ['proxy2', 'node2']) {
      for (const packets of await counted(machine)) expect(packets, machine).to.be.greaterThan(0);
    }
    await lab.manage('apply', PAIR, ROUTED);
  });
});
