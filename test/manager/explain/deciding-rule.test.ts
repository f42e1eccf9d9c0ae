import { expect } from 'chai';
import { decidingRule, type RulePacket } from '../../../src/manager/explain/deciding-rule.js';
import type { KernelRule } from '../../../src/manager/explain/kernel-rule.js';
import { IpAddress } from '../../../src/units/ip-network.js';

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'netmgr-all-v4': ['10.1.0.1', '10.2.0.1'],
  'netmgr-site-1-v4': ['10.1.0.1'],
  'netmgr-site-2-v4': ['10.2.0.1'],
  'netmgr-site-1-v6': ['fd00:1::1'],
};
const isMember = (set: string, address: IpAddress): boolean | undefined =>
  MEMBERS[set]?.includes(address.toString());

const chain = (name: string, ...texts: readonly string[]): KernelRule[] =>
  texts.map((text, i) => ({
    ...{ family: 'ipv4', chain: name, number: i + 1, text, packets: 0n, octets: 0n },
  }));

const packet = (more: Partial<RulePacket> = {}): RulePacket => ({
  ...{ source: IpAddress.parse('10.1.0.1'), destination: IpAddress.parse('10.2.0.1') },
  ...{ protocol: 'tcp', sourcePort: 40_000, destinationPort: 22, isReply: false },
  ...more,
});

const OURS = chain(
  'NETMGR-FORWARD',
  '-m set --match-set netmgr-all-v4 src -m pkttype --pkt-type multicast -j ACCEPT',
  '-p icmp -m set --match-set netmgr-site-1-v4 src -m conntrack --ctstate RELATED -j ACCEPT',
  '-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j NETMGR-REPLIES',
  '-s 10.1.0.0/24 -d 10.2.0.1/32 -p tcp -m set --match-set netmgr-site-1-v4 src -m set --match-set netmgr-site-2-v4 dst -m tcp --dport 20:25 -j ACCEPT',
  '-p udp -m set ! --match-set netmgr-all-v4 src -m udp --dport 53 -j ACCEPT',
  '-m set --match-set netmgr-all-v4 src -j DROP',
);

/** The verdict and the number of the rule. */
const decide = (rules: readonly KernelRule[], of: RulePacket): unknown => {
  const decided = decidingRule(rules, of, isMember);
  return decided && [decided.verdict, decided.rule.chain, decided.rule.number];
};

describe('the rule that decides', () => {
  const outsider = IpAddress.parse('192.0.2.1');
  const cases: readonly (readonly [string, RulePacket, unknown])[] = [
    ['matches networks, sets and a range of ports', packet(), ['accept', 'NETMGR-FORWARD', 4]],
    ['ends at the last port', packet({ destinationPort: 25 }), ['accept', 'NETMGR-FORWARD', 4]],
    ['is another one beyond it', packet({ destinationPort: 26 }), ['drop', 'NETMGR-FORWARD', 6]],
    ['is another one for another protocol', packet({ protocol: 'udp' }), ['drop', 'NETMGR-FORWARD', 6]],
    [
      'reads what is not in a set',
      packet({ source: outsider, protocol: 'udp', destinationPort: 53 }),
      ['accept', 'NETMGR-FORWARD', 5],
    ],
    ['is none for what is no matter of ours', packet({ source: outsider }), undefined],
  ];
  for (const [what, of, expected] of cases) {
    it(what, () => {
      expect(decide(OURS, of)).to.deep.equal(expected);
    });
  }

  it('judges replies in their chain, and goes on behind it', () => {
    const reply = packet({
      ...{ source: IpAddress.parse('10.2.0.1'), destination: IpAddress.parse('10.1.0.1') },
      ...{ isReply: true, sourcePort: 22, destinationPort: 40_000 },
    });
    const replies = chain('NETMGR-REPLIES', '-p tcp -m tcp --sport 22 -j ACCEPT');
    expect(decide([...OURS, ...replies], reply)).to.deep.equal(['accept', 'NETMGR-REPLIES', 1]);
    expect(decide([...OURS, ...replies], { ...reply, sourcePort: 23 })).to.deep.equal([
      ...['drop', 'NETMGR-FORWARD', 6],
    ]);
  });

  it('is not told where somebody else has put a rule before it that may match', () => {
    const alien = chain('NETMGR-FORWARD', '-m mark --mark 0x1 -j ACCEPT', '-j DROP');
    expect(decide(alien, packet())).to.deep.equal(['unknown', 'NETMGR-FORWARD', 1]);
    const elsewhere = chain('NETMGR-FORWARD', '-s 192.0.2.1/32 -m mark --mark 0x1 -j ACCEPT', '-j DROP');
    expect(decide(elsewhere, packet())).to.deep.equal(['drop', 'NETMGR-FORWARD', 2]);
    const others = [
      ...['-m set --match-set blocklist src -j DROP', '-m set ! --match-set blocklist src -j DROP'],
      ...['-m set --match-set netmgr-site-1-v4 src,dst -j DROP', '-p tcp -m udp --sport 1:9 -j DROP'],
      ...['-m comment --comment "-s 192.0.2.1/32" -j DROP', '-p tcp -m tcp --sport 1024:65535 -j DROP'],
    ];
    const anyPort = { ...packet(), sourcePort: undefined } as unknown as RulePacket;
    for (const text of others) {
      const decided = decide(chain('NETMGR-FORWARD', text, '-j ACCEPT'), anyPort);
      expect(decided, text).to.deep.equal(['unknown', 'NETMGR-FORWARD', 1]);
    }
    const jump = chain('NETMGR-FORWARD', '-p tcp -j LOG', '-j DROP');
    expect(decide(jump, packet())).to.deep.equal(['unknown', 'NETMGR-FORWARD', 1]);
  });

  it('does not follow chains in a circle', () => {
    const circle = [...chain('NETMGR-FORWARD', '-j A'), ...chain('A', '-j NETMGR-FORWARD')];
    expect(decide(circle, packet())).to.deep.equal(['unknown', 'A', 1]);
  });

  it('is of the packet’s IP version, whose ICMP has another name', () => {
    const six = chain(
      'NETMGR-FORWARD',
      '-p ipv6-icmp -m set --match-set netmgr-site-1-v6 src -m icmp6 --icmpv6-type 135 -j ACCEPT',
      '-p ipv6-icmp -m set --match-set netmgr-site-1-v6 src -j DROP',
    ).map((rule): KernelRule => ({ ...rule, family: 'ipv6' }));
    const echo = packet({
      ...{ source: IpAddress.parse('fd00:1::1'), destination: IpAddress.parse('fd00:2::1') },
      protocol: 'icmp',
    });
    expect(decide([...OURS, ...six], echo)).to.deep.equal(['drop', 'NETMGR-FORWARD', 2]);
  });
});
