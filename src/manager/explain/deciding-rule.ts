import { FORWARD_CHAIN } from '../../mib/rule-names.js';
import { IpNetwork, type IpAddress } from '../../units/ip-network.js';
import type { Packet } from '../merge/wanted-network.js';
import type { KernelRule } from './kernel-rule.js';

/** A unicast packet as the rules of iptables see it. */
export interface RulePacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: Packet['protocol'];
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Whether it is the answer to one that passed. */
  readonly isReply: boolean;
}

/** What becomes of a packet at a host, and by which rule. */
export interface Decided {
  /** `unknown`: a rule that netmgr does not make stands before all that match. */
  readonly verdict: 'accept' | 'drop' | 'unknown';
  readonly rule: KernelRule;
}

/** Whether an address is of a set that the rules name; undefined of a set that is none of netmgr's. */
export type IsMember = (set: string, address: IpAddress) => boolean | undefined;

const TARGETS = { ACCEPT: 'accept', DROP: 'drop' } as const;
/** Modules that options belong to; what they match is said by these options. */
const MODULES: ReadonlySet<string> = new Set([
  ...['set', 'pkttype', 'physdev', 'conntrack', 'icmp', 'icmp6', 'tcp', 'udp'],
]);
/** Echo request and reply of ICMPv6 (RFC 4443 section 4). */
const ECHO_TYPES = { request: 128, reply: 129 } as const;

/** The rule that decides about a packet that a bridge forwards; undefined if it gets past all of netmgr's. */
export function decidingRule(
  rules: readonly KernelRule[],
  packet: RulePacket,
  isMember: IsMember,
): Decided | undefined {
  const family = packet.source.version === 4 ? 'ipv4' : 'ipv6';
  const own = rules.filter((rule) => rule.family === family);
  return through(FORWARD_CHAIN, own, packet, isMember, new Set());
}

function through(
  chain: string,
  rules: readonly KernelRule[],
  packet: RulePacket,
  isMember: IsMember,
  entered: ReadonlySet<string>,
): Decided | undefined {
  const ordered = rules.filter((rule) => rule.chain === chain).sort((a, b) => a.number - b.number);
  for (const rule of ordered) {
    const { matches, target } = read(rule.text, packet, isMember);
    if (matches === false) continue;
    const verdict = Object.entries(TARGETS).find(([name]) => name === target)?.[1];
    if (matches && verdict !== undefined) return { verdict, rule };
    const isChain = rules.some((other) => other.chain === target) && !entered.has(target);
    if (!matches || !isChain) return { verdict: 'unknown', rule };
    const decided = through(target, rules, packet, isMember, new Set([...entered, chain]));
    if (decided !== undefined) return decided;
  }
  return undefined;
}

/** Whether a rule matches; undefined if it says something that the rules of netmgr do not. */
function read(
  text: string,
  packet: RulePacket,
  isMember: IsMember,
): { readonly matches: boolean | undefined; readonly target: string } {
  const words = text.split(' ')[Symbol.iterator]();
  const next = (): string => {
    const { value, done } = words.next();
    return done === true ? '' : value;
  };
  let target = '';
  for (let word = next(); word !== ''; word = next()) {
    const isNegated = word === '!';
    const option = isNegated ? next() : word;
    if (option === '-j') {
      target = next();
      continue;
    }
    const found = condition(option, next, packet, isMember);
    if (found === isNegated) return { matches: false, target: '' };
    // What follows an option that is not known may be its value.
    if (found === undefined) return { matches: undefined, target: '' };
  }
  return { matches: true, target };
}

/** Whether an option with its values matches; undefined if it is none of netmgr's. */
function condition(
  option: string,
  next: () => string,
  packet: RulePacket,
  isMember: IsMember,
): boolean | undefined {
  const { source, destination, isReply, sourcePort, destinationPort } = packet;
  switch (option) {
    case '-m':
      return MODULES.has(next()) ? true : undefined;
    case '-s':
      return contains(next(), source);
    case '-d':
      return contains(next(), destination);
    case '-p':
      return next() === protocolName(packet);
    case '--match-set': {
      const [set, end] = [next(), next()];
      if (end !== 'src' && end !== 'dst') return undefined;
      return isMember(set, end === 'src' ? source : destination);
    }
    case '--pkt-type':
      return next() === 'unicast';
    case '--ctstate':
      return next()
        .split(',')
        .includes(isReply ? 'ESTABLISHED' : 'NEW');
    case '--ctdir':
      return next() === (isReply ? 'REPLY' : 'ORIGINAL');
    case '--icmpv6-type':
      return next() === String(isReply ? ECHO_TYPES.reply : ECHO_TYPES.request);
    case '--sport':
      return isIn(next(), sourcePort);
    case '--dport':
      return isIn(next(), destinationPort);
    default:
      return undefined;
  }
}

function contains(text: string, address: IpAddress): boolean | undefined {
  try {
    return IpNetwork.parse(text).contains(address);
  } catch {
    return undefined;
  }
}

/** As iptables prints it. */
function protocolName({ protocol, source }: RulePacket): string {
  return protocol === 'icmp' && source.version === 6 ? 'ipv6-icmp' : protocol;
}

/** @param range `22` or `1000:2000` @param port undefined if it is any */
function isIn(range: string, port: number | undefined): boolean | undefined {
  const [low = NaN, high = low] = range.split(':').map(Number);
  return port === undefined ? undefined : port >= low && port <= high;
}
