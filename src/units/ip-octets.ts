const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
/** The groups of 16 bits of an IPv6 address. */
const GROUPS = 8;

/**
 * The octets of an address as text: four decimal numbers, or the forms of RFC 4291 section 2.2 without a zone.
 * Undefined for anything else, also for what inet_aton takes, such as 0x7f.1 and 010.1.1.1.
 */
export function octetsOfText(text: string): Uint8Array | undefined {
  return text.includes(':') ? ipv6Octets(text) : ipv4Octets(text);
}

function ipv4Octets(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const octets = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    const octet = DECIMAL.test(part) ? Number(part) : 256;
    if (octet > 255) return undefined;
    octets[i] = octet;
  }
  return octets;
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const [before = '', after, ...more] = text.split('::');
  const start = groupsOf(before, after === undefined);
  const end = after === undefined ? [] : groupsOf(after, true);
  if (start === undefined || end === undefined || more.length > 0) return undefined;
  const given = start.length + end.length;
  // "::" stands for at least one group of zeros.
  if (after === undefined ? given !== GROUPS : given >= GROUPS) return undefined;
  const octets = new Uint8Array(2 * GROUPS);
  const put = (group: number, at: number): void => {
    octets[2 * at] = group >> 8;
    octets[2 * at + 1] = group & 0xff;
  };
  start.forEach(put);
  end.forEach((group, i) => put(group, GROUPS - end.length + i));
  return octets;
}

/** @param isLast whether an IPv4 address may stand for the last two groups */
function groupsOf(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = isLast && i === parts.length - 1 ? ipv4Octets(part) : undefined;
    if (ipv4 === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = ipv4;
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groups;
}

/** The one text of an address: RFC 5952 for IPv6, as ip(8) and ipset print it. */
export function textOfOctets(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from(
    { length: GROUPS },
    (_, i) => ((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0),
  );
  const { start, length } = longestZeros(groups);
  const hex = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':');
  // Section 4.2.2: a single group of zeros is not shortened.
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The first of the longest runs, as section 4.2.3 says. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: i + 1 - length, length };
  }
  return best;
}
