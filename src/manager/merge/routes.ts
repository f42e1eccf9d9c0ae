import type { RouteRow } from '../../mib/route-table.js';
import { IpNetwork, type IpAddress } from '../../units/ip-network.js';
import type { SiteConnection } from './connections.js';
import type { Conflicts } from './conflicts.js';
import type { PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';

/**
 * The routes of a node: those of its site, and the way to the nodes it is linked with.
 *
 * @param members the nodes of its site
 * @param connections those of its site
 * @param reached what rules let it exchange packets with, on the link too
 */
export function routesOf(
  placed: PlacedNode,
  members: readonly PlacedNode[],
  connections: readonly SiteConnection[],
  reached: readonly IpNetwork[],
  positionOf: PositionOf,
  conflicts: Conflicts,
): RouteRow[] {
  const vif = placed.vif.name;
  const routes = new Map<string, RouteRow>();
  const versions = new Set(placed.node.addresses.map(({ version }) => version));
  for (const destination of reached) {
    if (versions.has(destination.version)) {
      routes.set(destination.toString(), routeRow(vif, destination, '', 0));
    }
  }
  for (const connection of connections) {
    for (const destination of peerNetworks(placed, connection)) {
      routes.set(destination.toString(), routeRow(vif, destination, '', 0));
    }
    for (const { to, nextHop } of routedWays(placed, connection)) {
      routes.set(to.toString(), routeRow(vif, to, nextHop.toString(), 0));
    }
  }
  for (const route of placed.site.routes) {
    // X itself is where the route leads, so it gets none.
    if (route.via === placed.node.vm) continue;
    const gateway = members.find(({ node }) => node.vm === route.via);
    const nextHop = gateway?.node.addresses.find(({ version }) => version === route.to.version);
    if (gateway !== undefined && nextHop === undefined) {
      conflicts.add(
        `the route to ${route.to.toString()} leads through ${route.via}, which has no IPv${String(route.to.version)} address`,
        placed.path,
        positionOf(route),
        `Give ${route.via} an IPv${String(route.to.version)} address, or lead the route through another node.`,
      );
    }
    // What the file says is more specific than what follows from links.
    if (nextHop !== undefined) {
      routes.set(route.to.toString(), routeRow(vif, route.to, nextHop.toString(), route.metric ?? 0));
    }
  }
  return [...routes.values()];
}

/** What the node reaches over the connection, directly on the link. */
function peerNetworks(placed: PlacedNode, connection: SiteConnection): IpNetwork[] {
  const [a, b] = connection.ends;
  const peers = a.includes(placed) ? b : b.includes(placed) ? a : [];
  const hosts = peers.flatMap(({ node }) => node.addresses.map((address) => IpNetwork.ofHost(address)));
  const versions = new Set(placed.node.addresses.map(({ version }) => version));
  return hosts.filter(({ version }) => versions.has(version));
}

/** The way to a site that a routed connection leads to: through the own proxy, and from there through the other's. */
function routedWays(
  placed: PlacedNode,
  { policy, sites, ends }: SiteConnection,
): { to: IpNetwork; nextHop: IpAddress }[] {
  const side = sites.indexOf(placed.site);
  const [own, others] = side === 0 ? ends : [ends[1], ends[0]];
  const other = sites[1 - side];
  if (policy !== 'routed' || side < 0 || other === undefined) return [];
  const hops = own.includes(placed) ? others : own;
  return other.networks.flatMap((to) => {
    const isReached = ({ version }: IpAddress): boolean => version === to.version;
    const nextHop = hops.flatMap(({ node }) => node.addresses).find(isReached);
    return nextHop === undefined || !placed.node.addresses.some(isReached) ? [] : [{ to, nextHop }];
  });
}

function routeRow(vif: string, to: IpNetwork, nextHop: string, metric: number): RouteRow {
  return { vif, destination: to.address.toString(), prefixLength: to.prefixLength, nextHop, metric };
}
