import { IpAddress, IpNetwork } from '../../../units/ip-network.js';
import { ROOT, type TcFilter } from './model.js';

/** Filters of the longest prefix come first; each length and version has a priority of its own. */
const IPV4_PRIORITY = 100;
const IPV6_PRIORITY = 200;
/** Where the source address begins in the header: RFC 791 section 3.1, RFC 8200 section 3. */
const SOURCE_OFFSET = { 4: 12, 6: 8 } as const;
const WORD = 4;

/** A u32 filter as `tc -j filter show` prints it, with its matches made a list. */
export interface PrintedFilter {
  readonly protocol: string;
  readonly pref: number;
  readonly fh: string;
  readonly flowid: string;
  readonly matches: readonly { readonly value: string; readonly mask: string; readonly off: number }[];
}

function priorityOf({ version, prefixLength }: IpNetwork): number {
  return version === 4 ? IPV4_PRIORITY + 32 - prefixLength : IPV6_PRIORITY + 128 - prefixLength;
}

const protocolOf = ({ version }: IpNetwork): string => (version === 4 ? 'ip' : 'ipv6');

/** The key by which two filters are the same. */
export function filterKey({ network, classMinor }: TcFilter): string {
  return `${network.toString()} ${String(classMinor)}`;
}

/** What stands between the device and the action in `filter add` and `filter del`: parent, protocol and priority. */
export function filterPlace({ network }: TcFilter): string {
  return `parent ${ROOT.toString(16)}: protocol ${protocolOf(network)} prio ${String(priorityOf(network))}`;
}

export function writeFilterAddition(vif: string, filter: TcFilter): string {
  const { network, classMinor } = filter;
  const name = network.version === 4 ? 'ip' : 'ip6';
  const match = network.prefixLength === 0 ? 'u32 0 0' : `${name} src ${network.toString()}`;
  const flow = `${ROOT.toString(16)}:${classMinor.toString(16)}`;
  return `filter add dev ${vif} ${filterPlace(filter)} u32 match ${match} flowid ${flow}`;
}

export function writeFilterRemoval(vif: string, filter: TcFilter, handle: string): string {
  return `filter del dev ${vif} ${filterPlace(filter)} handle ${handle} u32`;
}

/** The filter, if it is one that {@link writeFilterAddition} makes. */
export function parseFilter(printed: PrintedFilter): TcFilter | undefined {
  const version = printed.protocol === 'ip' ? 4 : printed.protocol === 'ipv6' ? 6 : undefined;
  if (version === undefined) return undefined;
  const flow = /^([0-9a-f]+):([0-9a-f]+)$/.exec(printed.flowid);
  if (flow?.[2] === undefined || flow[1] !== ROOT.toString(16)) return undefined;
  const network = networkOf(version, printed.matches);
  if (network === undefined || priorityOf(network) !== printed.pref) return undefined;
  return { network, classMinor: Number.parseInt(flow[2], 16), handle: printed.fh };
}

function networkOf(version: 4 | 6, matches: PrintedFilter['matches']): IpNetwork | undefined {
  const address = Buffer.alloc(version === 4 ? 4 : 16);
  let prefixLength = 0;
  for (const [index, { value, mask, off }] of matches.entries()) {
    const bits = onesOf(Number.parseInt(mask, 16));
    if (bits === undefined) return undefined;
    if (bits === 0 && matches.length === 1) break;
    // A gap before this word, or a part of the one before it left open, is no prefix.
    if (off !== SOURCE_OFFSET[version] + index * WORD || prefixLength !== index * 32) return undefined;
    if (index * WORD >= address.length) return undefined;
    address.writeUInt32BE(Number.parseInt(value, 16) >>> 0, index * WORD);
    prefixLength += bits;
  }
  try {
    return IpNetwork.of(IpAddress.ofOctets(address), prefixLength);
  } catch {
    return undefined;
  }
}

/** The number of leading ones of a 32-bit mask, or undefined if a one follows a zero. */
function onesOf(mask: number): number | undefined {
  const ones = Math.clz32(~mask >>> 0);
  const prefix = ones === 0 ? 0 : (0xffffffff << (32 - ones)) >>> 0;
  return mask >>> 0 === prefix ? ones : undefined;
}
