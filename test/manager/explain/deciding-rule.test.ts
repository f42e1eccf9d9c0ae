import { expect } from 'chai';
import { decidingRule } from '../../../src/manager/explain/deciding-rule.js';
import type { KernelRule } from '../../../src/manager/explain/kernel-rule.js';
import type { RulePacket } from '../../../src/manager/explain/read-rule.js';
import { IpAddress } from '../../../src/units/ip-network.js';

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'netmgr-all-v4': ['10.1.0.1', '10.2.0.1'],
  'netmgr-site-1-v4': ['10.1.0.1'],
  'netmgr-site-2-v4': ['10.2.0.1'],
  'netmgr-site-1-v6': ['fd00:1::1'],
};
const isMember = (set: string, address: IpAddress): boolean | undefined =>
  MEMBERS[set]?.includes(address.toString());

const chain = (name: string, ...texts: readonly string[]): KernelRule[] => chainOf('filter', name, ...texts);
const chainOf = (table: string, name: string, ...texts: readonly string[]): KernelRule[] =>
  texts.map((text, i) => ({
    ...{ family: 'ipv4', table, chain: name, number: i + 1, text, isCut: false, packets: 0n, octets: 0n },
  }));
const policy = (name: string): KernelRule => policyOf(name, 'policy DROP');
const policyOf = (name: string, text: string): KernelRule => ({
  ...{
    family: 'ipv4',
    table: 'filter',
    chain: name,
    number: 0,
    text,
    isCut: false,
    packets: 0n,
    octets: 0n,
  },
});
/** As in a kernel that a commit has put them into. */
const JUMP = chain('FORWARD', '-j NETMGR-FORWARD');

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
const decide = (rules: readonly KernelRule[], of: RulePacket): unknown[] => {
  const { verdict, rule } = decidingRule(rules, of, isMember);
  return [verdict, rule?.chain, rule?.number];
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
    ['is none for what is no matter of ours', packet({ source: outsider }), ['accept', undefined, undefined]],
  ];
  for (const [what, of, expected] of cases) {
    it(what, () => {
      expect(decide([...JUMP, ...OURS], of)).to.deep.equal(expected);
    });
  }

  it('judges replies in their chain, and goes on behind it', () => {
    const reply = packet({
      ...{ source: IpAddress.parse('10.2.0.1'), destination: IpAddress.parse('10.1.0.1') },
      ...{ isReply: true, sourcePort: 22, destinationPort: 40_000 },
    });
    const replies = chain('NETMGR-REPLIES', '-p tcp -m tcp --sport 22 -j ACCEPT');
    expect(decide([...JUMP, ...OURS, ...replies], reply)).to.deep.equal(['accept', 'NETMGR-REPLIES', 1]);
    expect(decide([...JUMP, ...OURS, ...replies], { ...reply, sourcePort: 23 })).to.deep.equal([
      ...['drop', 'NETMGR-FORWARD', 6],
    ]);
  });

  it('is not told where somebody else has put a rule before it that may match', () => {
    const ours = (...texts: readonly string[]): KernelRule[] => [
      ...JUMP,
      ...chain('NETMGR-FORWARD', ...texts),
    ];
    expect(decide(ours('-m mark --mark 0x1 -j ACCEPT', '-j DROP'), packet())).to.deep.equal([
      ...['unknown', 'NETMGR-FORWARD', 1],
    ]);
    const others = [
      ...['-m set --match-set blocklist src -j DROP', '-m set ! --match-set blocklist src -j DROP'],
      ...['-m set --match-set netmgr-site-1-v4 src,dst -j DROP', '-p tcp -m tcp --sport 1024:65535 -j DROP'],
      ...['-i br0 -m physdev --physdev-is-bridged -j ACCEPT', '-p tcp -m nosuch --sport 1:9 -j ACCEPT'],
      ...['-s 10.0.0.0/255.0.255.0 -j DROP', '-p tcp -j NFQUEUE --queue-num 1', '-i br0 -j RETURN'],
    ];
    const anyPort = { ...packet(), sourcePort: undefined } as unknown as RulePacket;
    for (const text of others) {
      const decided = decide(ours(text, '-j ACCEPT'), anyPort);
      expect(decided, text).to.deep.equal(['unknown', 'NETMGR-FORWARD', 1]);
    }
  });

  it('is not changed by what others have that does not match, or lets the rules go on', () => {
    const others = [
      ...['-p tcp -j LOG --log-prefix "a -j DROP"', '-i br0 -j MARK --set-xmark 0x1/0xffffffff'],
      ...['-s 192.0.2.1/32 -m mark --mark 0x1 -j ACCEPT', '-i br0 ! -p tcp -j DROP', '-o br0 -p gre -j DROP'],
      ...['-p tcp -m multiport --dports 80,443:444 -j DROP', '-m state --state INVALID -j DROP'],
      ...[
        '-p tcp -m tcp --tcp-flags RST RST -j DROP',
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK ACK -j DROP',
      ],
      ...['-p icmp -m icmp --icmp-type 8 -j DROP', '-m pkttype --pkt-type broadcast -j DROP', '-p tcp'],
      ...[
        '-m comment --comment "say \\"x\\" -j DROP"',
        '-m comment --comment "-s 1.1.1.1" -i br0 -s 1.1.1.1/32 -j DROP',
      ],
    ];
    for (const text of others) {
      const rules = [...chain('FORWARD', text, '-j NETMGR-FORWARD'), ...OURS];
      expect(decide(rules, packet()), text).to.deep.equal(['accept', 'NETMGR-FORWARD', 4]);
    }
    for (const text of [
      '-p tcp -m multiport --dports 20,22 -j REJECT --reject-with tcp-reset',
      '-p tcp -g T',
    ]) {
      const rules = [...chain('FORWARD', text, '-j NETMGR-FORWARD'), ...OURS, ...chain('T', '-j DROP')];
      const place = text.includes('-g') ? ['T', 1] : ['FORWARD', 1];
      expect(decide(rules, packet()), text).to.deep.equal(['drop', ...place]);
    }
  });

  it('follows chains of others, back to where they return, and not where they are left by goto', () => {
    const theirs = chain('T', '-s 192.0.2.1/32 -j DROP', '-j RETURN', '-j DROP');
    const rules = (first: string): KernelRule[] => [
      ...chain('FORWARD', first, '-j NETMGR-FORWARD'),
      ...[...theirs, ...OURS],
    ];
    expect(decide(rules('-j T'), packet())).to.deep.equal(['accept', 'NETMGR-FORWARD', 4]);
    expect(decide(rules('-i br0 -j T'), packet())).to.deep.equal(['accept', 'NETMGR-FORWARD', 4]);
    expect(decide(rules('-g T'), packet())).to.deep.equal(['accept', undefined, undefined]);
    expect(decide([...rules('-g T'), policy('FORWARD')], packet())).to.deep.equal(['drop', 'FORWARD', 0]);
    expect(decide(rules('-i br0 -g T'), packet())).to.deep.equal(['unknown', 'FORWARD', 1]);
  });

  it('may be in a table before or behind ours, which one that accepts does not leave out', () => {
    const all = [...JUMP, ...OURS];
    for (const [table, name] of [
      ...([
        ['raw', 'PREROUTING'],
        ['mangle', 'PREROUTING'],
        ['mangle', 'FORWARD'],
      ] as const),
      ...([
        ['security', 'FORWARD'],
        ['mangle', 'POSTROUTING'],
      ] as const),
    ]) {
      expect(decide([...all, ...chainOf(table, name, '-p tcp -j DROP')], packet())).to.deep.equal([
        'drop',
        name,
        1,
      ]);
      expect(decide([...all, ...chainOf(table, name, '-j ACCEPT')], packet())).to.deep.equal([
        ...['accept', 'NETMGR-FORWARD', 4],
      ]);
    }
    for (const [table, name] of [
      ['raw', 'OUTPUT'],
      ['mangle', 'INPUT'],
    ] as const) {
      expect(decide([...all, ...chainOf(table, name, '-j DROP')], packet())).to.deep.equal([
        ...['accept', 'NETMGR-FORWARD', 4],
      ]);
    }
  });

  it('cannot be told where addresses are translated, but for what answers', () => {
    const nat = chainOf('nat', 'POSTROUTING', '-s 10.1.0.0/16 -j MASQUERADE');
    expect(decide([...JUMP, ...OURS, ...nat], packet())).to.deep.equal(['unknown', 'POSTROUTING', 1]);
    const empty = policyOf('NETMGR-REPLIES', 'policy RETURN');
    expect(decide([...JUMP, ...OURS, ...nat, empty], packet({ isReply: true }))[0]).to.equal('accept');
    const others = chainOf('nat', 'POSTROUTING', '-s 192.0.2.0/24 ! -o docker0 -j MASQUERADE');
    expect(decide([...JUMP, ...OURS, ...others], packet())).to.deep.equal(['accept', 'NETMGR-FORWARD', 4]);
  });

  it('is of the bridge, where that is asked for', () => {
    const rules = (text: string): KernelRule[] => [...chain('FORWARD', text, '-j NETMGR-FORWARD'), ...OURS];
    const onBridge = packet({ bridge: 'br0' });
    for (const text of ['-i br0 -j DROP', '-o br+ -j DROP', '! -i br1 -j DROP']) {
      expect(decide(rules(text), onBridge), text).to.deep.equal(['drop', 'FORWARD', 1]);
    }
    for (const text of ['-i docker0 ! -o docker0 -j DROP', '! -i br0 -j DROP', '-i virbr+ -j DROP']) {
      expect(decide(rules(text), onBridge), text).to.deep.equal(['accept', 'NETMGR-FORWARD', 4]);
    }
  });

  it('is not hidden by words that look like others', () => {
    const rules = (text: string): KernelRule[] => [
      ...chain('FORWARD', text, '-j NETMGR-FORWARD'),
      ...[...OURS, ...chain('HL', '-j DROP'), policyOf('EMPTY', 'policy RETURN')],
    ];
    const cases: readonly (readonly [string, unknown])[] = [
      ['-j HL', ['drop', 'HL', 1]],
      ['-m comment --comment -j -s 10.1.0.1/32 -j DROP', ['drop', 'FORWARD', 1]],
      ['-m comment --comment "a\nb" -j DROP', ['drop', 'FORWARD', 1]],
      ['-j EMPTY', ['accept', 'NETMGR-FORWARD', 4]],
      ['-i br0 -j RETURN', ['unknown', 'FORWARD', 1]],
    ];
    for (const [text, expected] of cases) expect(decide(rules(text), packet()), text).to.deep.equal(expected);
    const echo = packet({ protocol: 'icmp' });
    for (const type of ['any', '8', '8/0']) {
      const text = `-p icmp -m icmp --icmp-type ${type} -j DROP`;
      expect(decide(rules(text), echo), text).to.deep.equal(['drop', 'FORWARD', 1]);
    }
    const cut = rules('-m comment --comment "long').map((rule) => ({ ...rule, isCut: rule.number === 1 }));
    expect(decide(cut, packet())).to.deep.equal(['unknown', 'FORWARD', 1]);
  });

  it('is the policy where no rule decides', () => {
    expect(decide([...JUMP, ...OURS, policy('FORWARD')], packet({ source: outsider }))).to.deep.equal([
      ...['drop', 'FORWARD', 0],
    ]);
  });

  it('is none of ours where nothing leads to them', () => {
    expect(decide(OURS, packet())).to.deep.equal(['accept', undefined, undefined]);
  });

  it('does not follow chains in a circle', () => {
    const circle = [...JUMP, ...chain('NETMGR-FORWARD', '-j A'), ...chain('A', '-j NETMGR-FORWARD')];
    expect(decide(circle, packet())).to.deep.equal(['unknown', 'A', 1]);
  });

  it('is of the packet’s IP version, whose ICMP has another name', () => {
    const six = [
      ...JUMP,
      ...chain(
        'NETMGR-FORWARD',
        '-p ipv6-icmp -m set --match-set netmgr-site-1-v6 src -m icmp6 --icmpv6-type 135 -j ACCEPT',
        '-p ipv6-icmp -m set --match-set netmgr-site-1-v6 src -j DROP',
      ),
    ].map((rule): KernelRule => ({ ...rule, family: 'ipv6' }));
    const echo = packet({
      ...{ source: IpAddress.parse('fd00:1::1'), destination: IpAddress.parse('fd00:2::1') },
      protocol: 'icmp',
    });
    expect(decide([...JUMP, ...OURS, ...six], echo)).to.deep.equal(['drop', 'NETMGR-FORWARD', 2]);
  });
});
