import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { changesDuring } from './commands.js';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const HOSTS = ['host1', 'host2'];
const MACHINES = ['proxy1', 'node1', 'proxy2', 'node2'];

/** What somebody else has put there before. */
const FOREIGN: readonly (readonly [string, string])[] = HOSTS.flatMap((host) => [
  [host, 'iptables -A INPUT -s 192.0.2.7 -j DROP'],
  [host, 'iptables -N OTHERS'],
  [host, 'iptables -A FORWARD -s 192.0.2.8 -j OTHERS'],
  [host, 'ip6tables -A FORWARD -s 2001:db8::7 -j DROP'],
  [host, 'ipset create others hash:ip'],
  [host, 'ipset add others 192.0.2.9'],
  [host, 'nft add table bridge others'],
  [host, 'nft add chain bridge others forward { type filter hook forward priority 0 ; }'],
  [host, 'nft add rule bridge others forward ether saddr 02:00:00:00:00:99 drop'],
  [host, 'ip link add others type veth peer name others-end'],
  [host, 'ip link set others up'],
  [host, 'ip link set others-end up'],
  [host, 'ip address add 192.0.2.1/24 dev others'],
  [host, 'ip route add 198.51.100.0/24 via 192.0.2.2'],
  [host, 'tc qdisc add dev others root handle 77: tbf rate 1mbit burst 3028 limit 30000'],
]);
const FOREIGN_INSIDE: readonly (readonly [string, string])[] = MACHINES.flatMap((machine) => [
  [machine, 'ip link add others type veth peer name others-end'],
  [machine, 'ip link set others up'],
  [machine, 'ip link set others-end up'],
  [machine, 'ip address add 192.0.2.1/24 dev others'],
  [machine, 'ip -6 address add 2001:db8::1/64 dev others nodad'],
  [machine, 'ip route add 198.51.100.0/24 via 192.0.2.2'],
  [machine, 'ip -6 route add 2001:db8:1::/64 via 2001:db8::2'],
]);

describe('an environment on two hosts', function () {
  let lab: LiveLab;
  let before_: Dump;
  const dump = (): Promise<Dump> => dumpKernel(lab, HOSTS, MACHINES);

  before(async function () {
    skipWithoutRoot(this, 'apply and destroy');
    lab = await LiveLab.start([PAIR]);
    for (const [namespace, words] of [...FOREIGN, ...FOREIGN_INSIDE]) await lab.at(namespace, words);
    before_ = await dump();
  });

  after(async () => {
    await lab.stop();
  });

  it('is what the files say, as the kernel tells it, after apply', async () => {
    const { rows } = await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect(Object.keys(rows)).to.deep.equal(HOSTS);
    expect(Math.min(...Object.values(rows))).to.be.greaterThan(0);
  });

  it('has the addresses and routes in the machines', async () => {
    const inside = async (machine: string): Promise<string> =>
      (await lab.at(machine, 'ip address show dev eth0')) +
      (await lab.at(machine, 'ip -4 route show')) +
      (await lab.at(machine, 'ip -6 route show'));
    expect(await inside('proxy1'))
      .to.contain('inet 10.1.0.1/16 ')
      .and.contain('inet6 fd00:1::1/64 ')
      .and.match(/^10\.2\.0\.1 dev eth0 /m)
      .and.match(/^fd00:2::1 dev eth0 /m);
    expect(await inside('node1'))
      .to.contain('inet 10.1.0.101/16 ')
      .and.not.contain('10.2.');
    expect(await inside('proxy2')).to.match(/^10\.1\.0\.1 dev eth0 /m);
    expect(await inside('node2'))
      .to.contain('inet6 fd00:2::101/64 ')
      .and.not.contain('fd00:1:');
  });

  it('has the rate of the link where the proxies receive, for both families, and nowhere else', async () => {
    for (const [host, vif, ipv4, ipv6] of [
      ['host1', 'vif1.0', '0a020001', 'fd000002'],
      ['host2', 'vif1.0', '0a010001', 'fd000001'],
    ] as const) {
      const qdiscs = await lab.at(host, `tc qdisc show dev ${vif}`);
      expect(qdiscs).to.match(/^qdisc htb \S+ root /m);
      const tbf = /^qdisc tbf \S+ parent (\S+) rate 100Mbit /m.exec(qdiscs);
      const filters = await lab.at(host, `tc filter show dev ${vif}`);
      const toLink = `flowid ${tbf?.[1] ?? 'missing'} `;
      const matches = filters.split('filter parent').filter((filter) => filter.includes(toLink));
      expect(matches.join())
        .to.contain(`match ${ipv4}/ffffffff at 12`)
        .and.contain(`match ${ipv6}/ffffffff at 8`);
      expect(await lab.at(host, 'tc qdisc show dev vif2.0')).to.not.contain('tbf');
    }
  });

  it('keeps the members of the sites in sets', async () => {
    const members = async (family: string): Promise<string[]> => {
      const saved = await lab.at('host1', 'ipset save');
      const lines = saved.split('\n').filter((line) => line.startsWith('add netmgr-site-'));
      const sites = new Map<string, string[]>();
      for (const line of lines.filter((text) => text.includes(`-v${family} `))) {
        const [, set = '', address = ''] = line.split(' ');
        sites.set(set, [...(sites.get(set) ?? []), address].sort());
      }
      return [...sites.values()].map((addresses) => addresses.join(' ')).sort();
    };
    expect(await members('4')).to.deep.equal(['10.1.0.1 10.1.0.101', '10.2.0.1 10.2.0.101']);
    expect(await members('6')).to.deep.equal([
      'fd00:1::1 fd00:1::101 fe80::216:3eff:fe00:100 fe80::216:3eff:fe00:101',
      'fd00:2::1 fd00:2::101 fe80::216:3eff:fe00:200 fe80::216:3eff:fe00:201',
    ]);
  });

  it('has its jumps before the rules of others, in both families', async () => {
    for (const host of HOSTS) {
      for (const tool of ['iptables', 'ip6tables']) {
        for (const chain of ['FORWARD', 'INPUT']) {
          const rules = (await lab.at(host, `${tool} -S ${chain}`)).split('\n');
          expect(rules[1], `${tool} ${chain} of ${host}`).to.equal(`-A ${chain} -j NETMGR-${chain}`);
        }
        const own = await lab.at(host, `${tool} -S NETMGR-FORWARD`);
        expect(own)
          .to.contain('-j ACCEPT')
          .and.match(/-j DROP\n$/);
      }
      expect(await lab.at(host, 'sysctl -n net.bridge.bridge-nf-call-iptables')).to.equal('1\n');
      expect(await lab.at(host, 'sysctl -n net.bridge.bridge-nf-call-ip6tables')).to.equal('1\n');
    }
  });

  it('knows which interface may send from which addresses', async () => {
    const table = await lab.at('host1', 'nft list table bridge netmgr');
    expect(table)
      .to.contain('"vif1.0" . 00:16:3e:00:01:00 . 10.1.0.1')
      .and.contain('"vif1.0" . 00:16:3e:00:01:00 . fd00:1::1')
      .and.contain('"vif2.0" . 00:16:3e:00:02:01 . fe80::216:3eff:fe00:201');
  });

  it('leaves what is of others where it is', async () => {
    const now = await dump();
    for (const host of HOSTS) {
      expect(now[`${host}: iptables-save`]).to.include.members([
        '-A INPUT -s 192.0.2.7/32 -j DROP',
        '-A FORWARD -s 192.0.2.8/32 -j OTHERS',
      ]);
      expect(now[`${host}: ipset save`]).to.include('add others 192.0.2.9');
      expect(now[`${host}: tc qdisc show`]?.join()).to.contain('qdisc tbf 77: dev others root');
    }
    for (const machine of MACHINES) {
      const of = (words: string): string => now[`${machine}: ${words}`]?.join('\n') ?? '';
      expect(of('ip -4 route show table all')).to.contain('198.51.100.0/24 via 192.0.2.2');
      expect(of('ip address show')).to.contain('2001:db8::1/64');
    }
  });

  it('costs a second apply one GET per host, and no command that changes anything', async () => {
    const state: { requests: readonly { host: string; request: string }[] } = { requests: [] };
    const first = await dump();
    const changes = await changesDuring(lab, HOSTS, async () => {
      const { requests, rows } = await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
      state.requests = requests;
      expect(rows).to.deep.equal({ host1: 0, host2: 0 });
    });
    expect(state.requests).to.have.deep.members(HOSTS.map((host) => ({ host, request: 'get' })));
    expect(changes).to.deep.equal({ host1: [], host2: [] });
    expect(await dump()).to.deep.equal(first);
  });

  it('that expects a change asks first what hosts run, and has them examined if that is what is wanted', async () => {
    const expecting = {
      type: 'manage',
      verb: 'apply',
      real: PAIR,
      virtual: PAIR_BANDWIDTH,
      expectsChange: true,
    } as const;
    const { requests, rows, errors } = await lab.order(expecting);
    expect([rows, errors]).to.deep.equal([{ host1: 0, host2: 0 }, []]);
    const twoGets = HOSTS.flatMap((host) => [1, 2].map(() => ({ host, request: 'get' })));
    expect(requests).to.have.deep.members(twoGets);
    // What differs from what runs is found all the same.
    await lab.at('host1', 'tc qdisc del dev vif1.0 root');
    // An examination answers those who ask for a second, or as long as it took.
    await sleep(3000);
    expect((await lab.order(expecting)).errors).to.deep.equal([]);
    expect(await lab.at('host1', 'tc qdisc show dev vif1.0')).to.match(/^qdisc htb \S+ root /m);
  });

  it('has nothing to plan once it is applied', async () => {
    const { requests, rows } = await lab.manage('plan', PAIR, PAIR_BANDWIDTH);
    expect(rows).to.deep.equal({ host1: 0, host2: 0 });
    expect(requests.filter(({ request }) => request === 'set')).to.deep.equal([]);
  });

  it('is gone after destroy, and nothing else is', async () => {
    await lab.manage('destroy', PAIR);
    expect(differencesOf(before_, await dump())).to.deep.equal([]);
  });

  it('comes back as it was when it is applied again', async () => {
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    const once = await dump();
    await lab.manage('destroy', PAIR);
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect(await dump()).to.deep.equal(once);
  });

  it('leaves no error in the log of an agent', async () => {
    for (const host of HOSTS)
      expect((await lab.log(host)).filter(({ level }) => level >= 50)).to.deep.equal([]);
  });
});
