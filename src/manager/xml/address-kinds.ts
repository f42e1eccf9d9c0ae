import type { IpAddress, IpNetwork } from '../../units/ip-network.js';

/** Whether an address can belong to one machine: not unspecified, not a group, not reserved (RFC 6890). */
export function isHostAddress({ octets }: IpAddress): boolean {
  const first = octets[0] ?? 0;
  if (octets.length === 4) return first !== 0 && first < 224;
  return first !== 0xff && octets.some((octet) => octet !== 0);
}

/**
 * Whether an address can be given to a node: also not loopback, not link-local, which machines give themselves, and not an
 * IPv6 one that stands for an IPv4 one.
 */
export function isNodeAddress(address: IpAddress): boolean {
  const { octets } = address;
  const [first, second] = [octets[0] ?? 0, octets[1] ?? 0];
  if (!isHostAddress(address)) return false;
  if (address.version === 4) return first !== 127 && !(first === 169 && second === 254);
  const isLinkLocal = first === 0xfe && (second & 0xc0) === 0x80;
  // ::/80 holds those that stand for IPv4 ones (RFC 4291 section 2.5.5), which no two tools print alike.
  const standsForIpv4 = octets.subarray(0, 10).every((octet) => octet === 0);
  return !isLinkLocal && !standsForIpv4;
}

/** The first or the last address of an IPv4 network, which no machine can have; /31 and /32 have neither. */
export function reservedAddressKind(
  address: IpAddress,
  network: IpNetwork,
): 'network' | 'broadcast' | undefined {
  if (network.version !== 4 || network.prefixLength > 30 || !network.contains(address)) return undefined;
  const number = Buffer.from(address.octets).readUInt32BE();
  const hostBits = 2 ** (32 - network.prefixLength);
  if (number % hostBits === 0) return 'network';
  return number % hostBits === hostBits - 1 ? 'broadcast' : undefined;
}
