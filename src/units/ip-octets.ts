import ipaddr from 'ipaddr.js';

/**
 * The octets of an address as text: four decimal numbers, or the forms of RFC 4291 section 2.2 without a zone.
 * Undefined for anything else, also for what inet_aton takes, such as 0x7f.1 and 010.1.1.1.
 */
export function octetsOfText(text: string): Uint8Array | undefined {
  if (!text.includes(':')) {
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? Uint8Array.from(text.split('.'), Number) : undefined;
  }
  const parsed = text.includes('%') ? undefined : parseIpv6(text);
  // Of what is an address: ipaddr.js takes ::10.1.0.2 for ::ffff:10.1.0.2.
  const exact = parsed !== undefined && text.includes('.') ? parseIpv6(inGroups(text)) : parsed;
  return exact && Uint8Array.from(exact.toByteArray());
}

/** Its own test for validity would parse as well. */
function parseIpv6(text: string): ipaddr.IPv6 | undefined {
  try {
    return ipaddr.IPv6.parse(text);
  } catch {
    return undefined;
  }
}

/** An address with groups in place of the four decimal numbers at its end. */
function inGroups(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const [a = 0, b = 0, c = 0, d = 0] = text.slice(at).split('.').map(Number);
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** The one text of an address: RFC 5952 for IPv6, as ip(8) and ipset print it. */
export function textOfOctets(octets: Uint8Array): string {
  return octets.length === 4 ? octets.join('.') : new ipaddr.IPv6([...octets]).toRFC5952String();
}
