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

/** Reads `1.3.6.1`, with or without a leading period. @throws NetmgrError `InvalidInput`. */
export function parseOid(text: string): Oid {
  const oid = text.replace(/^\./, '').split('.').map(Number);
  if (oid.some((subid) => !Number.isInteger(subid) || subid < 0 || subid > 0xffffffff)) {
    throw new NetmgrError({ kind: 'InvalidInput', message: `"${text}" is no object identifier` });
  }
  return oid;
}
