import ipaddr from 'ipaddr.js';

/**
 * The octets of an address as text: four decimal numbers, or the forms of RFC 4291 section 2.2 without a zone.
 * Undefined for anything else, also for what inet_aton takes, such as 0x7f.1 and 010.1.1.1.
 */
export function octetsOfText(text: string): Uint8Array | undefined {
  // Of these there are many, and each is read several times.
  if (!text.includes(':')) {
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? Uint8Array.from(text.split('.'), Number) : undefined;
  }
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(inGroups(text)).toByteArray());
}

/** With groups in place of four decimal numbers at the end: ipaddr.js takes ::10.1.0.2 for ::ffff:10.1.0.2. */
function inGroups(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const octets = text.slice(at).split('.').map(Number);
  if (octets.length === 1) return text;
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** The one text of an address: RFC 5952 for IPv6, as ip(8) and ipset print it. */
export function textOfOctets(octets: Uint8Array): string {
  return octets.length === 4 ? octets.join('.') : new ipaddr.IPv6([...octets]).toRFC5952String();
}
