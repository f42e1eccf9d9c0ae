import type { IpNetwork, IpVersion } from '../../../units/ip-network.js';

/** Bits of the IP header that choose a bucket: those of the mask, in the 32-bit word at so many octets. */
export interface Window {
  readonly at: number;
  /** Ones without a gap. */
  readonly mask: number;
}

/** A table of the hash by source, with the one link that leads there. */
export interface HashTable {
  /** Its number in handles. */
  readonly id: number;
  readonly version: IpVersion;
  /** What chooses a bucket of it; the link says so. */
  readonly window: Window;
  readonly buckets: number;
  /** Where the link is: undefined is the first table of the priority, in which the tables' numbers order the links. */
  readonly holder?: { readonly id: number; readonly bucket: number };
}

/** Where a filter of a prefix is. */
export interface HashPlace {
  /** The numbers of the tables on the way, from the first on; the filter is in the last one. */
  readonly path: readonly number[];
  readonly bucket: number;
}

interface Level {
  /** The number of the first table of the level: one for each bucket of all tables of the level before. */
  readonly first: number;
  readonly window: Window;
}

const BITS = { 4: 32, 6: 128 } as const;
/** Where the source address begins in the header: RFC 791 section 3.1, RFC 8200 section 3. */
export const SOURCE_OFFSET = { 4: 12, 6: 8 } as const;
/**
 * The number of the table for whole addresses; that for a prefix of n bits less has n more, so that the longest prefix
 * comes first. Users have the numbers below 0x800.
 */
const FIRST = { 4: 0x001, 6: 0x040 } as const;

/**
 * The tables that an address passes: the bits in which the peers of one vif differ, whether they are of one network
 * (10.1.0.1, 10.1.0.2 …), the first of many (10.1.0.1, 10.2.0.1 …) or made of MAC addresses. Docs: decision 0024.
 */
const ADDRESS_LEVELS: Readonly<Record<IpVersion, readonly Level[]>> = {
  4: [
    { first: FIRST[4], window: { at: 12, mask: 0x000f_f000 } },
    { first: 0x100, window: { at: 12, mask: 0x0000_00ff } },
  ],
  6: [
    { first: FIRST[6], window: { at: 8, mask: 0x0000_000f } },
    { first: 0x0d0, window: { at: 12, mask: 0x0000_0007 } },
    { first: 0x200, window: { at: 20, mask: 0x0000_0700 } },
    { first: 0x300, window: { at: 20, mask: 0x0000_00ff } },
  ],
};

/** The place of a prefix, which depends on nothing else. */
export function hashPlaceOf({ address, version, prefixLength }: IpNetwork): HashPlace {
  const path: number[] = [];
  let index = 0;
  let bucket = 0;
  const { octets } = address;
  for (const { first, window } of levelsOf(version, prefixLength)) {
    path.push(first + index);
    bucket = bucketOf(octets, version, window);
    index = index * bucketsOf(window) + bucket;
  }
  return { path, bucket };
}

/** The table of that number, undefined if the hash has none. */
export function hashTableOf(id: number): HashTable | undefined {
  for (const version of [4, 6] as const) {
    const shorter = id - FIRST[version];
    if (shorter >= 0 && shorter <= BITS[version]) {
      const [level] = levelsOf(version, BITS[version] - shorter);
      return level === undefined ? undefined : tableOf(id, version, level.window);
    }
    const levels = ADDRESS_LEVELS[version];
    let count = 1;
    for (const [number, { first, window }] of levels.entries()) {
      const before = levels[number - 1];
      const buckets = before === undefined ? 1 : bucketsOf(before.window);
      count *= buckets;
      const index = id - first;
      if (before === undefined || index < 0 || index >= count) continue;
      const holder = { id: before.first + Math.floor(index / buckets), bucket: index % buckets };
      return { ...tableOf(id, version, window), holder };
    }
  }
  return undefined;
}

const tableOf = (id: number, version: IpVersion, window: Window): HashTable => ({
  ...{ id, version, window },
  buckets: bucketsOf(window),
});

function levelsOf(version: IpVersion, prefixLength: number): readonly Level[] {
  if (prefixLength === BITS[version]) return ADDRESS_LEVELS[version];
  return [{ first: FIRST[version] + BITS[version] - prefixLength, window: lastBits(version, prefixLength) }];
}

/** The last eight bits of a prefix, or as many as it has in its last word. */
function lastBits(version: IpVersion, prefixLength: number): Window {
  if (prefixLength === 0) return { at: SOURCE_OFFSET[version], mask: 0 };
  const word = Math.floor((prefixLength - 1) / 32);
  const inWord = prefixLength - word * 32;
  const ones = (1 << Math.min(8, inWord)) - 1;
  return { at: SOURCE_OFFSET[version] + word * 4, mask: (ones << (32 - inWord)) >>> 0 };
}

/** How far the kernel shifts what the mask leaves: to its last one (cls_u32.c, u32_hash_fold). */
const shiftOf = (mask: number): number => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask));

const bucketsOf = ({ mask }: Window): number => (mask >>> shiftOf(mask)) + 1;

function bucketOf(octets: Uint8Array, version: IpVersion, { at, mask }: Window): number {
  const word = new DataView(octets.buffer, octets.byteOffset).getUint32(at - SOURCE_OFFSET[version]);
  return (word & mask) >>> shiftOf(mask);
}
