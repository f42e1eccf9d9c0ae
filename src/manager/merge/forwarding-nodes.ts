import type { VifRow } from '../../mib/vif-table.js';
import type { Site } from '../model/site.js';
import type { SiteConnection } from './connections.js';
import type { PlacedNode } from './placed-node.js';

/**
 * Tells what nodes forward that is not addressed to them: the proxies of routed sites do between these, those that a route
 * to the outside world leads through for that.
 */
export function forwardingNodes(
  sites: readonly Site[],
  connections: readonly SiteConnection[],
): (node: PlacedNode) => VifRow['forwarding'] {
  const networks = sites.flatMap((site) => site.networks);
  const gateways = new Set(
    sites.flatMap((site) =>
      site.routes
        .filter(
          ({ to }) =>
            !networks.some(
              (network) => network.contains(to.address) && network.prefixLength <= to.prefixLength,
            ),
        )
        .map(({ via }) => `${site.name}/${via}`),
    ),
  );
  const routers = new Set(
    connections.filter(({ policy }) => policy === 'routed').flatMap(({ ends }) => ends.flat()),
  );
  return (node) => (gateways.has(node.path) ? 'outside' : routers.has(node) ? 'sites' : 'nothing');
}
