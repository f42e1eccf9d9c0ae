import { groupBy } from '../../group-by.js';
import { flowTable } from '../../mib/flow-table.js';
import type { IndexAllocator } from '../../mib/index-allocator.js';
import { memberTable } from '../../mib/member-table.js';
import { siteLinkTable } from '../../mib/site-link-table.js';
import { siteTable } from '../../mib/site-table.js';
import { Component, tableRow } from '../components/component.js';
import type { Site } from '../model/site.js';
import type { SiteConnection } from './connections.js';
import type { Exception } from './exceptions.js';
import { flowRows } from './flow-rows.js';
import type { PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';

/** The components of all sites and of what joins them, which every host with a node has. */
export function siteComponents(
  sites: readonly Site[],
  nodes: readonly PlacedNode[],
  connections: readonly SiteConnection[],
  exceptions: readonly Exception[],
  allocator: IndexAllocator,
  positionOf: PositionOf,
): Component[] {
  const indices = new Map(sites.map((site) => [site, allocator.indexOf(site.name)] as const));
  const indexOf = (site: Site): number => indices.get(site) ?? 0;
  const routed = new Set(
    connections.filter(({ policy }) => policy === 'routed').flatMap((connection) => connection.sites),
  );
  const bySite = groupBy(nodes, ({ site }) => site);
  const members = sites.map((site) => {
    const rows = (bySite.get(site) ?? []).flatMap(({ node, mac, allAddresses }) =>
      allAddresses.map((address) =>
        tableRow(memberTable, {
          site: indexOf(site),
          address: address.toString(),
          prefixLength: address.bits,
          role: node.role,
          macAddress: node.role === 'proxy' && routed.has(site) ? mac.toString() : '',
        }),
      ),
    );
    const row = tableRow(siteTable, { site: indexOf(site), name: site.name, policy: site.policy });
    return new Component('site', site.name, [row, ...rows], positionOf(site));
  });
  const joined = connections.map(({ sites: [a, b], link }) => {
    const [site = 0, peer = 0] = [indexOf(a), indexOf(b)].sort((x, y) => x - y);
    return new Component(
      'connection',
      `${a.name} - ${b.name}`,
      [tableRow(siteLinkTable, { site, peer })],
      link === undefined ? undefined : positionOf(link),
    );
  });
  const rules = flowRows(exceptions, indexOf).map(
    ({ exception, rows }, i) =>
      new Component(
        'rule',
        `rule ${String(i + 1)}`,
        rows.map((row) => tableRow(flowTable, row)),
        positionOf(exception.source),
      ),
  );
  return [...members, ...joined, ...rules];
}
