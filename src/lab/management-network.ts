import { NetmgrError } from '../errors.js';
import { IpAddress, IpNetwork, type IpVersion } from '../units/ip-network.js';

/** The host's interface that carries its management address. */
export const MANAGEMENT_DEVICE = 'mgmt0';

/** The network that joins the lab's own namespace with the hosts' management addresses of one IP version. */
export interface ManagementNetwork {
  readonly version: IpVersion;
  readonly prefixLength: number;
  /** The lab's own address, from where the manager speaks. */
  readonly labAddress: IpAddress;
}

// A wider prefix would swallow most of the address space, the virtual networks among it.
const WIDEST: Readonly<Record<IpVersion, number>> = { 4: 8, 6: 16 };
// Leaves room for the lab's own address beside a single host and the first and last address.
const NARROWEST: Readonly<Record<IpVersion, number>> = { 4: 29, 6: 125 };

/**
 * Finds, per IP version, the smallest network that holds all of `hosts`, and an address in it for the lab itself
 * that is neither theirs nor one of `taken`.
 *
 * @throws NetmgrError `Conflict` where the hosts are too far apart for one network.
 */
export function findManagementNetworks(
  hosts: readonly IpAddress[],
  taken: readonly IpAddress[] = [],
): readonly ManagementNetwork[] {
  return ([4, 6] as const).flatMap((version) => {
    const members = hosts.filter((address) => address.version === version);
    const [first] = members;
    return first === undefined ? [] : [findNetwork(first, members, [...hosts, ...taken])];
  });
}

function findNetwork(
  first: IpAddress,
  members: readonly IpAddress[],
  taken: readonly IpAddress[],
): ManagementNetwork {
  const { version } = first;
  for (let length = NARROWEST[version]; length >= WIDEST[version]; length -= 1) {
    const network = IpNetwork.containing(first, length);
    if (!members.every((address) => network.contains(address))) continue;
    const edge = members.find((address) => version === 4 && isEdge(address, network));
    const labAddress = edge === undefined ? freeAddress(network, taken) : undefined;
    if (labAddress !== undefined) return { version, prefixLength: length, labAddress };
  }
  throw new NetmgrError({
    kind: 'Conflict',
    message: `no IPv${String(version)} network of /${String(WIDEST[version])} or smaller holds the addresses of all hosts`,
    hint: 'Give the hosts of a lab management addresses of one network.',
  });
}

function lastOf(network: IpNetwork): IpAddress {
  const octets = network.address.octets.map((octet, index) => {
    const kept = Math.min(8, Math.max(0, network.prefixLength - index * 8));
    return octet | (0xff >> kept);
  });
  return IpAddress.ofOctets(octets);
}

/** The network's own and its broadcast address cannot be a host's. */
function isEdge(address: IpAddress, network: IpNetwork): boolean {
  return address.equals(network.address) || address.equals(lastOf(network));
}

/** Downwards from the end: small numbers are what files use. */
function freeAddress(network: IpNetwork, taken: readonly IpAddress[]): IpAddress | undefined {
  for (
    let candidate: IpAddress | undefined = before(lastOf(network));
    candidate !== undefined && network.contains(candidate) && !candidate.equals(network.address);
    candidate = before(candidate)
  ) {
    const address = candidate;
    if (!taken.some((other) => other.equals(address))) return address;
  }
  return undefined;
}

function before(address: IpAddress): IpAddress | undefined {
  const { octets } = address;
  for (let index = octets.length - 1; index >= 0; index -= 1) {
    const octet = octets[index] ?? 0;
    if (octet > 0) {
      octets[index] = octet - 1;
      return IpAddress.ofOctets(octets);
    }
    octets[index] = 255;
  }
  return undefined;
}
