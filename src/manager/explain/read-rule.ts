import { IpNetwork, type IpAddress } from '../../units/ip-network.js';
import type { Packet } from '../merge/wanted-network.js';

/** A unicast packet as the rules of iptables see it. */
export interface RulePacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: Packet['protocol'];
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Whether it is the answer to one that passed. */
  readonly isReply: boolean;
  /** The bridge that forwards it. */
  readonly bridge?: string;
}

/** What netmgr cannot read of a rule. */
export const UNREADABLE: RuleReading = { matches: undefined, target: '?', isGoto: false };

/** Whether an address is of a set that the rules name; undefined of a set that is none of netmgr's. */
export type IsMember = (set: string, address: IpAddress) => boolean | undefined;

/** What a rule has to say of a packet. */
export interface RuleReading {
  /** Undefined if it asks for something that netmgr does not know of the packet. */
  readonly matches: boolean | undefined;
  /** A verdict or a chain; empty if there is none. */
  readonly target: string;
  /** Whether the rules behind the one that leads to a chain are left out (`-g`). */
  readonly isGoto: boolean;
}

/** Modules whose options say what they match. */
const MODULES: ReadonlySet<string> = new Set([
  ...['set', 'pkttype', 'physdev', 'conntrack', 'icmp', 'icmp6', 'tcp', 'udp', 'comment', 'multiport'],
  ...['mark', 'addrtype', 'limit', 'state'],
]);
/** Options with one value that netmgr cannot judge (iptables-extensions(8)). */
const OPAQUE: ReadonlySet<string> = new Set([
  ...['--physdev-in', '--physdev-out', '--mark', '--limit', '--limit-burst'],
  ...['--src-type', '--dst-type', '--tcp-option'],
]);
/** Echo and its reply (RFC 792; RFC 4443 section 4). */
const ECHO_TYPES = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;
const WORD = /"(?:[^"\\]|\\.)*"|\S+/g;

/** Reads a rule as iptables-save prints it, and whether it matches a packet. */
export function readRule(text: string, packet: RulePacket, isMember: IsMember): RuleReading {
  const words = (text.match(WORD) ?? [])[Symbol.iterator]();
  const next = (): string => {
    const { value, done } = words.next();
    return done === true ? '' : value;
  };
  let matches: boolean | undefined = true;
  for (let word = next(); word !== ''; word = next()) {
    // What stands behind it belongs to the target.
    if (word === '-j' || word === '-g') return { matches, target: next(), isGoto: word === '-g' };
    const isNegated = word === '!';
    const found = condition(isNegated ? next() : word, next, packet, isMember);
    if (found === isNegated) return { matches: false, target: '', isGoto: false };
    // What follows an option that is not known may be its value.
    if (found === 'strange') return UNREADABLE;
    if (found === undefined) matches = undefined;
  }
  return { matches, target: '', isGoto: false };
}

/** Whether an option with its values matches; undefined if it cannot be told, `strange` if it is not even known. */
function condition(
  option: string,
  next: () => string,
  packet: RulePacket,
  isMember: IsMember,
): boolean | undefined | 'strange' {
  const { source, destination, isReply, sourcePort, destinationPort } = packet;
  if (OPAQUE.has(option)) {
    next();
    return undefined;
  }
  switch (option) {
    case '-m':
      return MODULES.has(next()) || 'strange';
    case '-i':
    case '-o':
      return isInterface(next(), packet.bridge);
    case '--comment':
      return next() !== '';
    case '-s':
      return contains(next(), source);
    case '-d':
      return contains(next(), destination);
    case '-p':
      return isProtocol(next(), packet);
    case '--match-set': {
      const [set, end] = [next(), next()];
      if (end !== 'src' && end !== 'dst') return undefined;
      return isMember(set, end === 'src' ? source : destination);
    }
    case '--pkt-type':
      return next() === 'unicast';
    case '--state':
    case '--ctstate':
      return next()
        .split(',')
        .includes(isReply ? 'ESTABLISHED' : 'NEW');
    case '--ctdir':
      return next() === (isReply ? 'REPLY' : 'ORIGINAL');
    case '--icmp-type':
    case '--icmpv6-type': {
      const types = ECHO_TYPES[source.version];
      const [type, code] = next().split('/');
      const isType = type === 'any' || type === String(isReply ? types.reply : types.request);
      return isType && (code === undefined || code === '0');
    }
    case '--physdev-is-bridged':
      return true;
    case '--tcp-flags':
      return hasFlags(next(), next(), isReply);
    case '--sport':
    case '--sports':
      return isIn(next(), sourcePort);
    case '--dport':
    case '--dports':
      return isIn(next(), destinationPort);
    default:
      return 'strange';
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
function isProtocol(name: string, { protocol, source }: RulePacket): boolean {
  return name === (protocol === 'icmp' && source.version === 6 ? 'ipv6-icmp' : protocol);
}

/** @param name one ends with + that stands for all that begin so @param bridge undefined if it is not known */
function isInterface(name: string, bridge: string | undefined): boolean | undefined {
  if (bridge === undefined) return undefined;
  return name.endsWith('+') ? bridge.startsWith(name.slice(0, -1)) : name === bridge;
}

/**
 * Whether the packet that opens a connection, or that accepts it, has these flags and no others of a mask.
 *
 * @param mask `FIN,SYN,RST,ACK`, or `NONE` @param flags likewise
 */
function hasFlags(mask: string, flags: string, isReply: boolean): boolean {
  const own = isReply ? ['SYN', 'ACK'] : ['SYN'];
  const wanted = flags.split(',');
  return mask.split(',').every((flag) => flag === 'NONE' || own.includes(flag) === wanted.includes(flag));
}

/** @param ranges `22`, `1000:2000` or several with commas @param port undefined if it is any */
function isIn(ranges: string, port: number | undefined): boolean | undefined {
  if (port === undefined) return undefined;
  return ranges.split(',').some((range) => {
    const [low = NaN, high = low] = range.split(':').map(Number);
    return port >= low && port <= high;
  });
}
