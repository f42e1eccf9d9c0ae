import type { PlacedNode } from './placed-node.js';
import type { Host } from '../model/host.js';
import type { Site } from '../model/site.js';

/** What VXLAN adds to a frame (RFC 7348): Ethernet, VXLAN and UDP headers, and the IP header of either version. */
const OVERHEAD = { 4: 50, 6: 70 } as const;
/** Of the network between the hosts, where nothing else is known. */
const UNDERLAY_MTU = 1500;

/** The octets that a site's overlay adds to each packet of a host; 0 where the site has none. */
export function overlayOverhead({ overlay }: Site, { address }: Host): number {
  return overlay === undefined ? 0 : OVERHEAD[address.version];
}

/** The largest packet that passes an overlay between hosts like this one whole. */
export function overlayMtu(site: Site, host: Host): number {
  return UNDERLAY_MTU - overlayOverhead(site, host);
}

/** Of Ethernet, where nothing else is said (RFC 894). */
const ETHERNET_MTU = 1500;

/** What the file says of a node's MTU: the node before the site. */
export function saidMtu({ node, site }: Pick<PlacedNode, 'node' | 'site'>): number | undefined {
  return (node.access?.mtu ?? site.access?.mtu)?.bytes;
}

/** The largest packet that a node sends and receives whole. */
export function mtuOf(placed: Pick<PlacedNode, 'node' | 'site' | 'host'>): number {
  const { site, host } = placed;
  return saidMtu(placed) ?? (site.overlay === undefined ? ETHERNET_MTU : overlayMtu(site, host));
}
