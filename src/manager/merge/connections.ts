import { groupBy } from '../../group-by.js';
import { narrowerPolicy } from '../model/narrower-policy.js';
import type { Link } from '../model/link.js';
import type { Site, SitePolicy } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { Conflicts } from './conflicts.js';
import type { PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';

/** What of two sites that a link joins reaches the other, each way. */
export interface SiteConnection {
  readonly sites: readonly [Site, Site];
  readonly policy: SitePolicy;
  /** The first link of the file that joins them. */
  readonly link?: Link;
  /** The nodes of each site that take part: its proxies, or all. */
  readonly ends: readonly [readonly PlacedNode[], readonly PlacedNode[]];
}

/** What joins two sites, in whichever order; undefined if nothing does. */
export function connectionOf(
  a: Site,
  b: Site,
  connections: readonly SiteConnection[],
): SiteConnection | undefined {
  return connections.find(({ sites }) => a !== b && sites.includes(a) && sites.includes(b));
}

/** Finds the connections that a site has a part in, in their order: there are many sites, and each has few. */
export function connectionsBySite(
  connections: readonly SiteConnection[],
): (site: Site) => readonly SiteConnection[] {
  const ends = connections.flatMap((connection) => connection.sites.map((site) => ({ site, connection })));
  const bySite = groupBy(ends, ({ site }) => site);
  const found = new Map([...bySite].map(([site, own]) => [site, own.map(({ connection }) => connection)]));
  return (site) => found.get(site) ?? [];
}

/** Whether two nodes reach each other directly over a connection of their sites. */
export function isJoined(a: PlacedNode, b: PlacedNode, connections: readonly SiteConnection[]): boolean {
  return connections.some(
    ({ ends: [one, other] }) =>
      (one.includes(a) && other.includes(b)) || (one.includes(b) && other.includes(a)),
  );
}

/** The pairs of sites that links join. */
export function siteConnections(
  virtual: VirtualEnvironment,
  nodes: readonly PlacedNode[],
  positionOf: PositionOf,
  conflicts: Conflicts,
): SiteConnection[] {
  const pairs = new Map<string, { readonly sites: readonly [Site, Site]; readonly link: Link }>();
  const byName = new Map(virtual.sites.map((site) => [site.name, site] as const));
  for (const link of virtual.links) {
    const [a, b] = [byName.get(link.from), byName.get(link.to)];
    // A link of a node says what happens between nodes that reach each other.
    if (a === undefined || b === undefined) continue;
    const isolated = [a, b].find(({ policy }) => policy === 'isolated');
    if (isolated !== undefined) {
      conflicts.add(
        `a link with ${isolated.name} can have no effect, because its policy is "isolated"`,
        `${a.name} - ${b.name}`,
        positionOf(link),
        'Remove the link, or give the site another policy.',
      );
      continue;
    }
    const key = [a.name, b.name].sort().join('\n');
    if (!pairs.has(key)) pairs.set(key, { sites: [a, b], link });
  }
  const members = groupBy(nodes, ({ site }) => site);
  return [...pairs.values()].map(({ sites, link }) => {
    const policy = narrowerPolicy(sites[0].policy, sites[1].policy);
    const endsOf = (site: Site): PlacedNode[] =>
      (members.get(site) ?? []).filter(({ node }) => policy === 'open' || node.role === 'proxy');
    return { sites, policy, link, ends: [endsOf(sites[0]), endsOf(sites[1])] };
  });
}
