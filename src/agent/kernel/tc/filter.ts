import { IpAddress, IpNetwork, type IpVersion } from '../../../units/ip-network.js';
import { FILTER_PRIORITY, ROOT, type StrangeFilter, type TcDevice, type TcFilter } from './model.js';
import { hashPlaceOf, hashTableOf, SOURCE_OFFSET, type HashTable } from './source-hash.js';

const WORD = 4;
/** The type of a frame, in the last two octets before the IP header: IEEE 802 numbers, RFC 894 and RFC 2464. */
const ETHER_TYPE = { 4: 0x0800, 6: 0x86dd } as const;

/** A u32 filter as `tc -j filter show` prints it, with its matches made a list. */
export interface PrintedFilter {
  readonly fh: string;
  readonly flowid?: string;
  /** The table that it leads to, such as `100:`. */
  readonly link?: string;
  readonly hashMask: string;
  readonly hashOffset: number;
  readonly matches: readonly { readonly value: string; readonly mask: string; readonly off: number }[];
}

const hex = (number: number): string => number.toString(16);

/** The key by which two filters are the same. */
export function filterKey({ network, classMinor }: TcFilter): string {
  return `${network.toString()} ${String(classMinor)}`;
}

/** Whether packets come to a filter of the device: all that leads there is linked. */
export function isReached({ hash }: TcDevice, { network }: TcFilter): boolean {
  return hashPlaceOf(network).path.every((id) => hash?.links.has(id) === true);
}

/** What stands between the device and the filter in `filter add` and `filter del`. */
export const FILTER_PLACE = `parent ${hex(ROOT)}: protocol all prio ${String(FILTER_PRIORITY)}`;

/** Whether something stands among our filters, where its handle tells it from them. */
export const isOurPriority = ({ protocol, priority, handle }: StrangeFilter): boolean =>
  protocol === 'all' && priority === FILTER_PRIORITY && handle !== undefined;

export function writeTableAddition(vif: string, { id, buckets }: HashTable): string {
  return `filter add dev ${vif} ${FILTER_PLACE} handle ${hex(id)}: u32 divisor ${String(buckets)}`;
}

/** The link to a table. */
export function writeLinkAddition(vif: string, { id, version, window, holder }: HashTable): string {
  const key = window.mask === 0 ? '' : ` hashkey mask 0x${hex(window.mask)} at ${String(window.at)}`;
  const link = `${key} link ${hex(id)}:`;
  return holder === undefined
    ? `filter add dev ${vif} ${FILTER_PLACE} handle ::${hex(id)} u32 match u16 0x${hex(ETHER_TYPE[version])} 0xffff at -2${link}`
    : `filter add dev ${vif} ${FILTER_PLACE} u32 ht ${hex(holder.id)}:${hex(holder.bucket)}: match u32 0 0${link}`;
}

export function writeFilterAddition(vif: string, { network, classMinor }: TcFilter): string {
  const { path, bucket } = hashPlaceOf(network);
  const name = network.version === 4 ? 'ip' : 'ip6';
  const match = network.prefixLength === 0 ? 'u32 0 0' : `${name} src ${network.toString()}`;
  const table = `${hex(path.at(-1) ?? 0)}:${hex(bucket)}:`;
  return `filter add dev ${vif} ${FILTER_PLACE} u32 ht ${table} match ${match} flowid ${hex(ROOT)}:${hex(classMinor)}`;
}

export function writeFilterRemoval(vif: string, handle: string): string {
  return `filter del dev ${vif} ${FILTER_PLACE} handle ${handle} u32`;
}

/** A handle such as `100:2a:801`. */
interface Handle {
  readonly table: number;
  readonly bucket: number;
  readonly node: number;
}

/** @returns undefined if it is none of a filter */
export function parseHandle(text: string): Handle | undefined {
  const [, table, bucket, node] = /^([0-9a-f]+):([0-9a-f]*):([0-9a-f]+)$/.exec(text) ?? [];
  if (table === undefined || node === undefined) return undefined;
  const numberOf = (digits: string): number => Number.parseInt(digits, 16);
  return {
    table: numberOf(table),
    bucket: numberOf(bucket === '' ? '0' : (bucket ?? '0')),
    node: numberOf(node),
  };
}

/** The filter, if it is one that {@link writeFilterAddition} makes. */
export function parseFilter({ fh, flowid, link, matches }: PrintedFilter): TcFilter | undefined {
  const handle = parseHandle(fh);
  const table = hashTableOf(handle?.table ?? 0);
  const [, major, minor] = /^([0-9a-f]+):([0-9a-f]+)$/.exec(flowid ?? '') ?? [];
  if (handle === undefined || table === undefined || link !== undefined) return undefined;
  if (minor === undefined || major !== hex(ROOT)) return undefined;
  const network = networkOf(table.version, matches);
  if (network === undefined) return undefined;
  const place = hashPlaceOf(network);
  if (place.path.at(-1) !== handle.table || place.bucket !== handle.bucket) return undefined;
  return { network, classMinor: Number.parseInt(minor, 16), handle: fh };
}

/** The number of the table that is linked, if the link is one that {@link writeLinkAddition} makes. */
export function parseLink(printed: PrintedFilter): number | undefined {
  const handle = parseHandle(printed.fh);
  const table = hashTableOf(Number.parseInt(printed.link ?? '', 16));
  if (handle === undefined || table === undefined || printed.flowid !== undefined) return undefined;
  const { id, version, window, holder } = table;
  const isAt =
    holder === undefined
      ? isFirstTable(handle.table) && handle.node === id
      : handle.table === holder.id && handle.bucket === holder.bucket;
  const [match, ...more] = printed.matches;
  const [value, mask, off] = holder === undefined ? [ETHER_TYPE[version], 0xffff, -WORD] : [0, 0, 0];
  const matches =
    more.length === 0 &&
    match !== undefined &&
    Number.parseInt(match.value, 16) === value &&
    Number.parseInt(match.mask, 16) === mask &&
    match.off === off;
  const isKey =
    window.mask === 0 ||
    (Number.parseInt(printed.hashMask, 16) === window.mask && printed.hashOffset === window.at);
  return isAt && matches && isKey ? id : undefined;
}

/** Whether it is the table that the kernel makes with a priority, and numbers itself. */
export const isFirstTable = (id: number): boolean => id >= 0x800;

function networkOf(version: IpVersion, matches: PrintedFilter['matches']): IpNetwork | undefined {
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
