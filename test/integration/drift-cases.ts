import { ifbName } from '../../src/agent/kernel/tc/ifb-name.js';

/** Something that somebody changes by hand, and what netmgr has to say about it. */
export interface DriftCase {
  readonly what: string;
  /** Commands in the host's namespace. */
  readonly commands: readonly string[];
  /** The rows of netemuDriftTable, as `kind vif: text`, in their order. */
  readonly says: readonly string[];
  /** Whether the kernel tells of it, so that nobody has to ask. */
  readonly isTold?: boolean;
  /** What nobody but its owner may take away, in the host's namespace. */
  readonly cleanUp?: readonly string[];
}

const IFB = ifbName('vif1.0');
/** The number of site 2 in names. */
const SITE2 = '609141189';
const CLASS = 'class 4e4d:10 (from 10.2.0.1/32, fd00:2::1/128, fe80::216:3eff:fe00:200/128)';

const shaping = (
  what: string,
  commands: readonly string[],
  says: readonly string[],
  more: Partial<DriftCase> = {},
): DriftCase => ({
  what,
  commands,
  says: says.map((text) => `shaping vif1.0: ${text}`),
  isTold: true,
  ...more,
});

const isolation = (
  what: string,
  commands: readonly string[],
  says: readonly string[],
  more: Partial<DriftCase> = {},
): DriftCase => ({ what, commands, says: says.map((text) => `isolation : ${text}`), ...more });

const machine = (what: string, commands: readonly string[], says: readonly string[]): DriftCase => ({
  what,
  commands: commands.map((words) => `ip -n proxy1 ${words}`),
  says: says.map((text) => `machine vif1.0: ${text}`),
});

/** Of all that netmgr makes on host1, one or more changes to each. */
export const DRIFT_CASES: readonly DriftCase[] = [
  shaping(
    'the root qdisc is deleted',
    ['tc qdisc del dev vif1.0 root'],
    ["vif1.0 should have netmgr's root qdisc, and has not"],
  ),
  shaping(
    'a class gets another rate',
    ['tc class change dev vif1.0 parent 4e4d:1 classid 4e4d:10 htb rate 5mbit'],
    [`${CLASS} of vif1.0 should have 1kbit to no limit below class 4e4d:1, and has 5mbit below class 4e4d:1`],
  ),
  shaping(
    'the class of all gets another rate',
    ['tc class change dev vif1.0 parent 4e4d: classid 4e4d:1 htb rate 5mbit'],
    ['class 4e4d:1 (all that is received) of vif1.0 should have 20mbit, and has 5mbit'],
  ),
  shaping(
    'a class of somebody is in our tree',
    ['tc class add dev vif1.0 parent 4e4d:1 classid 4e4d:99 htb rate 5mbit'],
    ['vif1.0 should not have class 4e4d:99, and has it'],
  ),
  shaping(
    'a class is deleted',
    ['tc filter del dev vif1.0 parent 4e4d:', 'tc class del dev vif1.0 classid 4e4d:10'],
    [
      `vif1.0 should have ${CLASS}, and has not`,
      `${CLASS} of vif1.0 should have tbf 10mbit (burst 6056, limit 68556, splitting), and has no qdisc of its own`,
      'vif1.0 should have the filter that leads 10.2.0.1/32 to class 4e4d:10, and has not',
      'vif1.0 should have the filter that leads fd00:2::1/128 to class 4e4d:10, and has not',
      'vif1.0 should have the filter that leads fe80::216:3eff:fe00:200/128 to class 4e4d:10, and has not',
    ],
  ),
  shaping(
    'a qdisc below gets another rate',
    ['tc qdisc change dev vif1.0 parent 4e4d:10 handle 4010: tbf rate 5mbit burst 3027 latency 50ms'],
    [
      `${CLASS} of vif1.0 should have tbf 10mbit (burst 6056, limit 68556, splitting), and has tbf 5mbit (burst 3026, limit 34277)`,
    ],
  ),
  shaping(
    'a qdisc below is deleted',
    ['tc qdisc del dev vif1.0 parent 4e4d:10'],
    [
      `${CLASS} of vif1.0 should have tbf 10mbit (burst 6056, limit 68556, splitting), and has no qdisc of its own`,
    ],
  ),
  shaping(
    'a qdisc below is of another kind',
    ['tc qdisc replace dev vif1.0 parent 4e4d:2 handle 77: pfifo'],
    [
      'class 4e4d:2 (the rest) of vif1.0 should have tbf 20mbit (burst 6056, limit 131056, splitting), and has one of another kind',
    ],
  ),
  shaping(
    'a filter is deleted',
    ['tc filter del dev vif1.0 parent 4e4d: protocol all pref 100 handle 120:1:800 u32'],
    ['vif1.0 should have the filter that leads 10.2.0.1/32 to class 4e4d:10, and has not'],
  ),
  shaping(
    'what leads to a filter is deleted',
    ['tc filter del dev vif1.0 parent 4e4d: protocol all pref 100 handle 800::1 u32'],
    ['packets should come to the filter that leads 10.2.0.1/32 to class 4e4d:10 of vif1.0, and do not'],
  ),
  shaping(
    'a table of somebody is among ours',
    ['tc filter add dev vif1.0 parent 4e4d: protocol all pref 100 handle 7f0: u32 divisor 16'],
    ['vif1.0 should have the tables of its filters for itself, and has not'],
  ),
  shaping(
    'a filter is added',
    [
      'tc filter add dev vif1.0 parent 4e4d: protocol all pref 100 u32 ht 120:9: match ip src 10.2.0.9/32 flowid 4e4d:10',
    ],
    ['vif1.0 should not have the filter that leads 10.2.0.9/32 to class 4e4d:10, and has it'],
  ),
  shaping(
    'a filter of somebody stands before ours',
    ['tc filter add dev vif1.0 parent 4e4d: protocol ip pref 50 u32 match ip src 10.2.0.1/32 flowid 4e4d:2'],
    ["vif1.0 should not have the filter of priority 50 for protocol ip at netmgr's root qdisc, and has it"],
  ),
  shaping(
    'a filter of another protocol stands before ours',
    ['tc filter add dev vif1.0 parent 4e4d: protocol all pref 7 u32 match u32 0 0 flowid 4e4d:2'],
    ["vif1.0 should not have the filter of priority 7 for protocol all at netmgr's root qdisc, and has it"],
  ),
  shaping(
    'a filter of somebody has a priority of ours',
    [
      'tc filter add dev vif1.0 parent 4e4d: protocol all pref 100 u32 match ip dport 80 0xffff flowid 4e4d:2',
    ],
    ["vif1.0 should not have the filter of priority 100 for protocol all at netmgr's root qdisc, and has it"],
  ),
  shaping(
    'the ingress qdisc is deleted',
    ['tc qdisc del dev vif1.0 ingress'],
    ['what the machine of vif1.0 sends should be led to its IFB, and is not'],
  ),
  shaping(
    'the way to the IFB is deleted',
    ['tc filter del dev vif1.0 ingress'],
    ['what the machine of vif1.0 sends should be led to its IFB, and is not'],
  ),
  {
    what: 'what the machine sends is led to the IFB of another vif',
    commands: [
      'ip link add nm-0123456789ab type ifb',
      'tc filter del dev vif1.0 ingress',
      'tc filter add dev vif1.0 ingress protocol all prio 20045 u32 match u32 0 0 action mirred egress redirect dev nm-0123456789ab',
    ],
    says: [
      'shaping vif1.0: what the machine of vif1.0 sends should be led to its IFB, and is led to that of another vif',
      'shaping : the IFB nm-0123456789ab should not be there, and is',
    ],
    isTold: true,
  },
  shaping(
    'the IFB is deleted',
    [`ip link del ${IFB}`],
    [
      'what the machine of vif1.0 sends should have 20mbit (burst 6056, limit 131056, splitting), and has no rate',
      `${IFB}, where what the machine of vif1.0 sends is shaped, should be there, and is not`,
    ],
  ),
  shaping(
    'the IFB is down',
    [`ip link set ${IFB} down`],
    [`${IFB}, where what the machine of vif1.0 sends is shaped, should be up, and is down`],
  ),
  shaping(
    'the qdisc of the IFB is deleted',
    [`tc qdisc del dev ${IFB} root`],
    [
      'what the machine of vif1.0 sends should have 20mbit (burst 6056, limit 131056, splitting), and has no rate',
    ],
  ),
  shaping(
    'the qdisc of the IFB gets another rate',
    [`tc qdisc change dev ${IFB} root handle 4e4d: tbf rate 5mbit burst 3027 latency 50ms`],
    [
      'what the machine of vif1.0 sends should have 20mbit (burst 6056, limit 131056, splitting), and has 5mbit (burst 3026, limit 34277)',
    ],
  ),
  isolation(
    'a member of a set is removed',
    ['ipset del netmgr-all-v4 10.1.0.1'],
    ['the set netmgr-all-v4 should hold 10.1.0.1/32, and does not'],
  ),
  isolation(
    'a member of a set is added',
    ['ipset add netmgr-all-v4 10.9.9.9'],
    ['the set netmgr-all-v4 should not hold 10.9.9.9/32, and does'],
  ),
  isolation(
    'a set is missing',
    ['ip6tables -F NETMGR-FORWARD', `ipset destroy netmgr-site-${SITE2}-v6`],
    [
      `the set netmgr-site-${SITE2}-v6 should be there, and is not`,
      'NETMGR-FORWARD of ip6tables should hold -m set --match-set netmgr-all-v6 src -m pkttype --pkt-type multicast -j ACCEPT and 7 more, and does not',
    ],
  ),
  isolation(
    'a set of netmgr is too many',
    ['ipset create netmgr-site-7-v4 hash:net'],
    ['the set netmgr-site-7-v4 should not be there, and is'],
  ),
  isolation(
    'a rule is deleted',
    ['iptables -D NETMGR-FORWARD 3'],
    [
      `NETMGR-FORWARD of iptables should hold -m set --match-set netmgr-site-${SITE2}-v4 src -m set --match-set netmgr-site-${SITE2}-v4 dst -j ACCEPT, and does not`,
    ],
  ),
  isolation(
    'a rule is added',
    ['ip6tables -I NETMGR-FORWARD 1 -j ACCEPT'],
    ['NETMGR-FORWARD of ip6tables should not hold -j ACCEPT, and does'],
  ),
  isolation(
    'the rules stand in another order',
    [
      'iptables -D NETMGR-FORWARD 8',
      'iptables -I NETMGR-FORWARD 1 -m set --match-set netmgr-all-v4 dst -j DROP',
    ],
    ['the rules of NETMGR-FORWARD of iptables should stand in another order, or once'],
  ),
  isolation(
    'a rule of somebody stands before our jump',
    ['iptables -I FORWARD 1 -j ACCEPT'],
    ["the jumps to netmgr's chains should stand first in FORWARD and INPUT of iptables, and do not"],
    { cleanUp: ['iptables -D FORWARD -j ACCEPT'] },
  ),
  isolation(
    'our jump is deleted',
    ['ip6tables -D INPUT -j NETMGR-INPUT'],
    ["the jumps to netmgr's chains should stand first in FORWARD and INPUT of ip6tables, and do not"],
  ),
  isolation(
    'our chains are deleted',
    ['iptables -D FORWARD -j NETMGR-FORWARD', 'iptables -F NETMGR-FORWARD', 'iptables -X NETMGR-FORWARD'],
    [
      'NETMGR-FORWARD of iptables should hold -m set --match-set netmgr-all-v4 src -m pkttype --pkt-type multicast -j ACCEPT and 7 more, and does not',
      "the jumps to netmgr's chains should stand first in FORWARD and INPUT of iptables, and do not",
    ],
  ),
  isolation(
    'the nft table is deleted',
    ['nft delete table bridge netmgr'],
    ['the nft table bridge netmgr should be there, and is not'],
  ),
  isolation(
    'a rule of the nft table is added',
    ['nft insert rule bridge netmgr deliver accept'],
    ['the nft table bridge netmgr, chain deliver, should not hold accept, and does'],
  ),
  isolation(
    'a chain of the nft table is empty',
    ['nft flush chain bridge netmgr guard'],
    [
      'the nft table bridge netmgr, chain guard, should hold ether type { 8021q, 8021ad } counter drop and 8 more, and does not',
    ],
  ),
  isolation(
    'an element of the nft table is removed',
    ['nft delete element bridge netmgr guarded { "vif1.0" }'],
    ['the nft table bridge netmgr, set guarded, should hold "vif1.0", and does not'],
  ),
  isolation(
    'bridged frames pass iptables by',
    ['sysctl -q -w net.bridge.bridge-nf-call-iptables=0'],
    ['net.bridge.bridge-nf-call-iptables should be 1, and is 0'],
  ),
  machine(
    'an address is removed',
    ['addr del 10.1.0.1/16 dev eth0'],
    [
      'eth0 of proxy1 should have 10.1.0.1/16, and has not',
      'proxy1 should have a route to 10.2.0.1/32 at eth0, and has not',
    ],
  ),
  machine(
    'an IPv6 address is removed',
    ['addr del fd00:1::1/64 dev eth0'],
    ['eth0 of proxy1 should have fd00:1::1/64, and has not'],
  ),
  machine(
    'an address of netmgr is too many',
    ['addr add 10.1.0.77/16 dev eth0 metric 78'],
    ['eth0 of proxy1 should not have 10.1.0.77/16, and has it'],
  ),
  machine(
    'a route is removed',
    ['route del 10.2.0.1 dev eth0'],
    ['proxy1 should have a route to 10.2.0.1/32 at eth0, and has not'],
  ),
  machine(
    'a route leads elsewhere',
    ['route replace 10.2.0.1 via 10.1.0.101 dev eth0 proto 78'],
    [
      'proxy1 should have a route to 10.2.0.1/32 at eth0, and has a route to 10.2.0.1/32 via 10.1.0.101 at eth0',
    ],
  ),
  machine(
    'a route of netmgr is too many',
    ['route add 10.3.0.0/16 dev eth0 proto 78'],
    ['proxy1 should not have a route to 10.3.0.0/16 at eth0, and has it'],
  ),
  machine(
    'an interface is down',
    ['link set eth0 down'],
    [
      'eth0 of proxy1 should be up, and is down',
      'eth0 of proxy1 should have fd00:1::1/64, and has not',
      'proxy1 should have a route to 10.2.0.1/32 at eth0, and has not',
      'proxy1 should have a route to fd00:2::1/128 at eth0, and has not',
    ],
  ),
];
