/** The groups of 16 bits of an IPv6 address. */
const GROUPS = 8;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;

/**
 * The octets of an address as text: four decimal numbers, or the forms of RFC 4291 section 2.2 without a zone.
 * Undefined for anything else, also for what inet_aton takes, such as 0x7f.1 and 010.1.1.1. It goes by characters,
 * because there are many addresses and each is read several times.
 */
export function octetsOfText(text: string): Uint8Array | undefined {
  if (text.includes(':')) return ipv6Octets(text);
  const octets = new Uint8Array(4);
  return putIpv4(text, 0, octets, 0) ? octets : undefined;
}

/** Writes the four octets of the address that the text is from `from` on, and says whether it is one. */
function putIpv4(text: string, from: number, octets: Uint8Array, to: number): boolean {
  let [octet, digits, part] = [0, 0, 0];
  for (let i = from; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || part === 4) return false;
      octets[to + part++] = octet;
      [octet, digits] = [0, 0];
      continue;
    }
    const digit = code - ZERO;
    // No zero in front of others: inet_aton takes that for an octal number.
    if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return false;
    octet = 10 * octet + digit;
    digits++;
    if (octet > 255) return false;
  }
  return part === 4;
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(2 * GROUPS);
  /** Where the zeros are that "::" stands for. */
  let gap = -1;
  let groups = 0;
  let at = 0;
  if (text.startsWith('::')) [gap, at] = [0, 2];
  while (at < text.length) {
    if (groups === GROUPS) return undefined;
    const end = endOfGroup(text, at);
    if (text.charCodeAt(end) === DOT) {
      if (groups > GROUPS - 2 || !putIpv4(text, at, octets, 2 * groups)) return undefined;
      groups += 2;
      break;
    }
    if (end === at || end - at > 4) return undefined;
    const group = Number.parseInt(text.slice(at, end), 16);
    octets[2 * groups] = group >> 8;
    octets[2 * groups + 1] = group & 0xff;
    groups++;
    if (end === text.length) break;
    if (text.charCodeAt(end) !== COLON || end + 1 === text.length) return undefined;
    at = end + 1;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap !== -1) return undefined;
    gap = groups;
    at++;
  }
  if (gap === -1) return groups === GROUPS ? octets : undefined;
  // "::" stands for at least one group of zeros.
  if (groups === GROUPS) return undefined;
  octets.copyWithin(2 * (GROUPS - groups + gap), 2 * gap, 2 * groups);
  return octets.fill(0, 2 * gap, 2 * (GROUPS - groups + gap));
}

function endOfGroup(text: string, from: number): number {
  let end = from;
  while (end < text.length && isHex(text.charCodeAt(end))) end++;
  return end;
}

const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);

/** The one text of an address: RFC 5952 for IPv6, as ip(8) and ipset print it. */
export function textOfOctets(octets: Uint8Array): string {
  const at = (i: number): number => octets[i] ?? 0;
  if (octets.length === 4) return `${String(at(0))}.${String(at(1))}.${String(at(2))}.${String(at(3))}`;
  const { start, length } = longestZeros(octets);
  let text = '';
  for (let group = 0; group < GROUPS; group++) {
    if (length > 1 && group === start) {
      text += '::';
      group += length - 1;
      continue;
    }
    // Section 4.2.2: a single group of zeros is not shortened.
    if (text !== '' && !text.endsWith('::')) text += ':';
    text += ((at(2 * group) << 8) | at(2 * group + 1)).toString(16);
  }
  return text;
}

/** The first of the longest runs of groups, as section 4.2.3 says. */
function longestZeros(octets: Uint8Array): { start: number; length: number } {
  let [start, length, run] = [0, 0, 0];
  for (let group = 0; group < GROUPS; group++) {
    run = octets[2 * group] === 0 && octets[2 * group + 1] === 0 ? run + 1 : 0;
    if (run > length) [start, length] = [group + 1 - run, run];
  }
  return { start, length };
}
