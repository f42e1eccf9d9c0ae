import { ifbName } from '../../src/agent/kernel/tc/ifb-name.js';

/** Something that is changed by hand in a running network, and what verify has to say of it, and of nothing else. */
export interface Sabotage {
  readonly what: string;
  /** Commands in the namespaces of hosts. */
  readonly commands: readonly (readonly [host: string, words: string])[];
  /** Ways that are otherwise than asked: `na > nb`, each way by itself. */
  readonly reach?: readonly string[];
  /** Links whose bandwidth is off: `pa > pb`. */
  readonly bandwidth?: readonly string[];
  /** What the agents find: for each host a text that the words of its drift hold. */
  readonly drift?: Readonly<Record<string, string>>;
  /** What an apply does not put right, undone by hand. */
  readonly undo?: readonly (readonly [host: string, words: string])[];
}

/** Machines by their vifs: host1 has pa, na, pc; host2 has pb, nb, nc. */
const ALL_WAYS_OF = (name: string, others: readonly string[]): string[] =>
  others.flatMap((other) => [`${name} > ${other}`, `${other} > ${name}`]);

/** Done twice it undoes itself. */
const EXCHANGE: Sabotage['commands'] = [
  ['host1', 'ip link set vif1.0 down'],
  ['host1', 'ip link set vif2.0 down'],
  ['host1', 'ip link set vif1.0 name vifx'],
  ['host1', 'ip link set vif2.0 name vif1.0'],
  ['host1', 'ip link set vifx name vif2.0'],
  ['host1', 'ip link set vif1.0 up'],
  ['host1', 'ip link set vif2.0 up'],
];

export const SABOTAGES: readonly Sabotage[] = [
  {
    what: 'a link has another rate',
    commands: [
      [
        'host2',
        'tc qdisc change dev vif1.0 parent 4e4d:10 handle 4010: tbf rate 4mbit burst 6056 latency 50ms',
      ],
    ],
    bandwidth: ['pa > pb'],
    drift: { host2: 'should have tbf 8mbit' },
  },
  {
    what: 'the qdisc of a vif is missing',
    commands: [['host2', 'tc qdisc del dev vif1.0 root']],
    bandwidth: ['pa > pb', 'pc > pb'],
    drift: { host2: "vif1.0 should have netmgr's root qdisc" },
  },
  {
    what: 'the qdisc of a link is missing',
    commands: [['host2', 'tc qdisc del dev vif1.0 parent 4e4d:10']],
    bandwidth: ['pa > pb'],
    drift: { host2: 'has no qdisc of its own' },
  },
  {
    what: 'a filter leads to the class of another peer',
    commands: [
      [
        'host2',
        'tc filter add dev vif1.0 parent 4e4d: protocol ip pref 50 u32 match ip src 10.1.0.1/32 flowid 4e4d:11',
      ],
    ],
    bandwidth: ['pa > pb'],
    drift: { host2: 'the filter of priority 50' },
  },
  {
    what: 'what a machine sends is not limited',
    commands: [['host1', `tc qdisc del dev ${ifbName('vif2.0')} root`]],
    bandwidth: ['na > pa'],
    drift: { host1: 'what the machine of vif2.0 sends should have 3mbit' },
  },
  {
    what: 'a rule of somebody stops echo requests',
    commands: [['host1', 'iptables -I NETMGR-FORWARD 1 -p icmp -j DROP']],
    reach: [...ALL_WAYS_OF('pa', ['na', 'pb', 'pc']), ...ALL_WAYS_OF('pc', ['nc', 'pb'])],
    drift: { host1: 'NETMGR-FORWARD of iptables should not hold -p icmp -j DROP' },
  },
  {
    what: 'an address is missing in a set',
    commands: [['host1', 'ipset del netmgr-all-v4 10.1.0.2']],
    drift: { host1: 'the set netmgr-all-v4 should hold 10.1.0.2/32' },
  },
  {
    what: 'all may pass by IPv6',
    commands: [
      ['host1', 'ip6tables -I NETMGR-FORWARD 1 -j ACCEPT'],
      // By which neighbours do not find each other.
      ['host1', 'nft delete table bridge netmgr'],
    ],
    reach: ['na > pc', 'pc > na'],
    drift: { host1: 'NETMGR-FORWARD of ip6tables should not hold -j ACCEPT' },
  },
  {
    what: 'bridged frames pass iptables by',
    commands: [
      ['host1', 'sysctl -q -w net.bridge.bridge-nf-call-iptables=0'],
      ['host1', 'nft delete table bridge netmgr'],
    ],
    reach: ['na > pc', 'pc > na'],
    drift: { host1: 'net.bridge.bridge-nf-call-iptables should be 1' },
  },
  {
    what: 'two vifs are exchanged',
    commands: EXCHANGE,
    reach: [...ALL_WAYS_OF('pa', ['na', 'pb', 'pc'])],
    bandwidth: ['na > pa', ...ALL_WAYS_OF('pa', ['pb', 'pc'])],
    undo: EXCHANGE,
  },
  {
    what: 'a machine has the address of another one too',
    commands: [['host2', 'ip -n nb addr add 10.2.0.1/24 dev eth0']],
    // What pb asks it answers to itself.
    reach: ['pb > nb'],
    drift: { host2: 'nb has 10.2.0.1 of another node' },
    undo: [['host2', 'ip -n nb addr del 10.2.0.1/24 dev eth0']],
  },
  {
    what: 'a machine has lost a route',
    commands: [['host1', 'ip -n pa route del 10.2.0.1 dev eth0']],
    reach: ['pa > pb', 'pb > pa'],
    bandwidth: ['pa > pb', 'pb > pa'],
    drift: { host1: 'pa should have a route to 10.2.0.1/32' },
  },
  {
    what: 'a machine has lost an address',
    commands: [['host2', 'ip -n nb addr del 10.2.0.2/24 dev eth0']],
    // Without it nb cannot ask anybody.
    reach: ['pb > nb', ...['na', 'nc', 'pa', 'pb', 'pc'].map((name) => `nb > ${name}`)],
    drift: { host2: 'eth0 of nb should have 10.2.0.2/24' },
  },
  {
    what: 'a vif is down',
    commands: [['host2', 'ip link set vif1.0 down']],
    reach: [...ALL_WAYS_OF('pb', ['nb', 'pa', 'pc'])],
    bandwidth: ALL_WAYS_OF('pb', ['pa', 'pc']),
    drift: { host2: 'vif1.0 is down' },
    undo: [['host2', 'ip link set vif1.0 up']],
  },
  {
    what: 'a vif is at no bridge',
    commands: [['host2', 'ip link set vif1.0 nomaster']],
    reach: [...ALL_WAYS_OF('pb', ['nb', 'pa', 'pc'])],
    bandwidth: ALL_WAYS_OF('pb', ['pa', 'pc']),
    drift: { host2: 'vif1.0' },
    undo: [['host2', 'ip link set vif1.0 master br0']],
  },
  {
    what: 'a machine has another MTU',
    commands: [['host2', 'ip -n nb link set eth0 mtu 1300']],
    // Packets that are as large as they may be.
    reach: ALL_WAYS_OF('nb', ['pb']),
    drift: { host2: 'eth0 of nb should have the MTU 1400' },
  },
  {
    what: 'nobody watches who a machine says it is',
    commands: [['host1', 'nft flush chain bridge netmgr guard']],
    drift: { host1: 'chain guard, should hold' },
  },
];
