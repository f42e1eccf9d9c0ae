import { NetmgrError } from '../errors.js';
import type { Oid } from './value.js';

/** Lexicographical order (RFC 3416 section 4.2.2): negative, zero or positive as of Array.sort. */
export function compareOids(a: Oid, b: Oid): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** What follows `prefix` in `oid`, or undefined if `oid` does not lie below it. */
export function oidSuffix(oid: Oid, prefix: Oid): Oid | undefined {
  if (oid.length < prefix.length || prefix.some((subid, i) => oid[i] !== subid)) return undefined;
  return oid.slice(prefix.length);
}

export function oidText(oid: Oid): string {
  return oid.join('.');
}

/** From here on a sub-identifier takes three code units of a key, of 2, 15 and 15 bits; this marks the first. */
const LARGE = 0x8000;

/**
 * A text for each OID that sorts as the OIDs do and takes little room: a UTF-16 code unit for each sub-identifier, or three for a large
 * one. Most have nothing above 255, so that V8 takes an octet for each. It is for maps, not for people.
 */
export function oidKey(oid: Oid): string {
  return oid.some((subid) => subid >= LARGE) ? keyOfLarge(oid) : String.fromCharCode(...oid);
}

function keyOfLarge(oid: Oid): string {
  const units: number[] = [];
  for (const subid of oid) {
    if (subid < LARGE) units.push(subid);
    else units.push(LARGE | (subid >>> 30), (subid >>> 15) & (LARGE - 1), subid & (LARGE - 1));
  }
  return String.fromCharCode(...units);
}

/** The OID of a text of {@link oidKey}. */
export function oidOfKey(key: string): Oid {
  const oid: number[] = [];
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit < LARGE) {
      oid.push(unit);
      continue;
    }
    const [middle, low] = [key.charCodeAt(i + 1), key.charCodeAt(i + 2)];
    oid.push((unit - LARGE) * 2 ** 30 + middle * LARGE + low);
    i += 2;
  }
  return oid;
}

/** Reads `1.3.6.1`, with or without a leading period. @throws NetmgrError `InvalidInput`. */
export function parseOid(text: string): Oid {
  const oid = text.replace(/^\./, '').split('.').map(Number);
  if (oid.some((subid) => !Number.isInteger(subid) || subid < 0 || subid > 0xffffffff)) {
    throw new NetmgrError({ kind: 'InvalidInput', message: `"${text}" is no object identifier` });
  }
  return oid;
}
