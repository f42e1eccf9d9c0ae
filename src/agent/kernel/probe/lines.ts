import type { Capability } from '../../../mib/host-scalars.js';

/** A line of a batch, and the capability that it shows by not failing. */
export type ProbeLine = readonly [line: string, capability?: Capability];

export const LINK_LINES: readonly ProbeLine[] = [
  ['link add v0 type veth peer name v1'],
  ['link add v2 type veth peer name v3'],
  ['link add nm-probe type ifb', 'ifb'],
  ['link add br0 type bridge'],
  ['link add nmv-1 type vxlan id 1 local 127.0.0.1 dstport 4789 nolearning'],
  ['link set dev nmv-1 master br0'],
  ['link set dev nmv-1 type bridge_slave isolated on learning off flood off', 'vxlan'],
];

/** Each on a device of its own, so that one that is missing does not hide another. */
export const TC_LINES: readonly ProbeLine[] = [
  ['qdisc add dev v0 root handle 4e4d: htb default 2 r2q 10', 'htb'],
  ['qdisc add dev v1 root handle 4e4d: tbf rate 1000000bit burst 6056 limit 60000', 'tbf'],
  ['qdisc add dev v2 root handle 10: netem delay 1000us limit 1000', 'netem'],
  ['qdisc add dev v3 ingress'],
  ['filter add dev v3 ingress protocol ip prio 1 u32 match ip src 10.0.0.0/8 flowid 4e4d:1', 'u32'],
  [
    'filter add dev v3 ingress protocol all prio 2 u32 match u32 0 0 action mirred egress redirect dev v1',
    'mirred',
  ],
  ['class add dev v0 parent 4e4d: classid 4e4d:10 htb rate 1000000bit burst 65536 quantum 1514'],
  ['class add dev v0 parent 4e4d: classid 4e4d:11 htb rate 1000000bit burst 65536 quantum 1514'],
  ['qdisc add dev v0 parent 4e4d:10 handle 10: netem delay 1000us limit 1000'],
  ['qdisc add dev v0 parent 4e4d:11 handle 11: netem delay 1000us duplicate 1% limit 1000', 'netemDuplicate'],
];

/** The sets that the rules of the trial name. */
export const SET_LINES =
  'create netmgr-probe-v4 hash:net family inet\ncreate netmgr-probe-v6 hash:net family inet6\n';

/** What the tables of netmgr are made of. */
export const NFT_TEXT = `table bridge netmgr {
  set own { type ifname . ipv6_addr; elements = { "v0" . fd00::1 } }
  set hops { type ether_addr; elements = { 02:00:00:00:00:01 } }
  set members { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 } }
  set guard { type ifname . ether_addr . ipv4_addr; elements = { "v0" . 02:00:00:00:00:01 . 10.0.0.1 } }
  map senders { type ipv6_addr : verdict; flags interval; elements = { fd00::/64 : goto from } }
  chain from { counter drop; }
  chain prerouting {
    type filter hook prerouting priority -350; policy accept;
    iifname . arp saddr ether . arp saddr ip @guard accept
    iifname . ether saddr . ip saddr @guard accept
  }
  chain forward {
    type filter hook forward priority -350; policy accept;
    meta pkttype { broadcast, multicast } ip6 saddr vmap @senders
    ip6 saddr :: icmpv6 type nd-neighbor-solicit accept
    ip saddr @members ether saddr != @hops counter drop
    oifname . ip6 daddr @own accept
  }
}
`;

/** A rule over the set of one IP version. */
export const ruleOver = (version: 4 | 6): string =>
  `-m set --match-set netmgr-probe-v${String(version)} src -m pkttype --pkt-type multicast -m physdev --physdev-is-in -j ACCEPT`;

/** What flows are made of, for one IP version. */
export const flowRulesOver = (version: 4 | 6): string[] => [
  '-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT',
  `-p ${version === 4 ? 'icmp' : 'ipv6-icmp'} -m conntrack --ctstate RELATED -j ACCEPT`,
  `-p tcp -m set ! --match-set netmgr-probe-v${String(version)} src -m tcp --dport 22 -j ACCEPT`,
  '-p udp -m udp --sport 1000:2000 -j DROP',
  ...(version === 6 ? ['-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT'] : []),
];
