import type { IpVersion } from '../../../units/ip-network.js';
import type { SiteMember } from '../isolation/model.js';
import { expectInterfaceName } from '../names.js';
import type { NftSet } from './model.js';

/** Before br_netfilter (0) and everything else, and no priority that nft prints by a name. */
const PRIORITY = '-350';

/** An interface name as an element. @throws NetmgrError `InvalidInput`. */
export const quoted = (vif: string): string => `"${expectInterfaceName(vif)}"`;

/** A set of the elements. */
export function setOf(type: string, elements: Iterable<string>): NftSet {
  return { kind: 'set', type, interval: false, elements: new Set(elements) };
}

/** A frame with a VLAN tag (IEEE 802.1Q, 802.1ad). */
export const TAGGED = 'ether type { 8021q, 8021ad }';

/**
 * What QEMU sends to all in the name of a machine that has moved, so that switches learn where it is: RARP (RFC 903). No vif of a
 * site receives it.
 */
export const ANNOUNCEMENT = 'ether daddr ff:ff:ff:ff:ff:ff ether type 0x8035';

/** nft prints a single address without its prefix length. */
export const addressText = ({ network }: Pick<SiteMember, 'network'>): string =>
  network.prefixLength === network.address.bits ? network.address.toString() : network.toString();

/** A set of the addresses of members of one IP version. */
export function addressSet(members: readonly Pick<SiteMember, 'network'>[], version: IpVersion): NftSet {
  const elements = members.filter(({ network }) => network.version === version).map(addressText);
  return { ...setOf(`ipv${String(version)}_addr`, elements), interval: true };
}

/** The first line of a chain that the bridge calls. */
export const hook = (name: 'prerouting' | 'forward' | 'input' | 'output'): string =>
  `type filter hook ${name} priority ${PRIORITY}; policy accept;`;
