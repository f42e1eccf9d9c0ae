import { Component, type TableRow, tableRow } from '../components/component.js';
import { EnvironmentComponent } from '../components/environment-component.js';
import { HostComponent } from '../components/host-component.js';
import { addrTable } from '../../mib/addr-table.js';
import { flowTable } from '../../mib/flow-table.js';
import { linkTable } from '../../mib/link-table.js';
import { memberTable } from '../../mib/member-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { routeTable } from '../../mib/route-table.js';
import { siteLinkTable } from '../../mib/site-link-table.js';
import { siteTable } from '../../mib/site-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { mayMoveTo } from '../model/clusters.js';
import type { Host } from '../model/host.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { checkFeasibility } from '../feasibility/check-feasibility.js';
import { flowsBetweenHosts } from '../feasibility/flow.js';
import { Conflicts } from './conflicts.js';
import { siteConnections, type SiteConnection } from './connections.js';
import { IndexAllocator } from '../../mib/index-allocator.js';
import { LinkChecks } from './link-checks.js';
import { LinksBetween } from './links-between.js';
import type { Parameters } from '../model/parameters.js';
import { rateOf } from './parameters.js';
import { overlayMtu, saidMtu } from './overlay-mtu.js';
import { overlayComponents, planOverlays, type OverlayPart } from './overlays.js';
import { placeNodes, type PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';
import { Profiles } from './profiles.js';
import { Receiving } from './received.js';
import {
  exceptionsOf,
  joinedByExceptions,
  partnersByExceptions,
  reachedByExceptions,
  type Exception,
} from './exceptions.js';
import { flowRows } from './flow-rows.js';
import { forwardingNodes } from './forwarding-nodes.js';
import { routesOf } from './routes.js';
import { connectionLinks, fromNeighbours, throughProxies, type ReceivedLink } from './shaping.js';

/**
 * Merges what is wanted with what is there into the components of each host. Pure: it reads and changes
 * nothing else.
 *
 * @param positionOf where an element of the virtual file stands, for errors and warnings
 * @param realPositionOf the same of the real file
 * @throws NetmgrError or ApplyError of kind `Conflict` with all conflicts at once
 */
export function mergeEnvironments(
  real: RealEnvironment,
  virtual: VirtualEnvironment,
  positionOf: PositionOf = () => undefined,
  realPositionOf: PositionOf = () => undefined,
): EnvironmentComponent {
  const conflicts = new Conflicts();
  const nodes = placeNodes(real, virtual, positionOf, conflicts);
  const connections = siteConnections(virtual, nodes, positionOf, conflicts);
  const profiles = new Profiles();
  const checks = new LinkChecks(virtual, positionOf, conflicts);
  const receiving = new Receiving(new LinksBetween(virtual.links), profiles, checks.check);
  const sources = { receiving, profiles, groups: new IndexAllocator() };
  for (const node of nodes) checks.checkAccess(node);
  const exceptions = exceptionsOf(virtual, nodes, connections, checks.refuse);
  const partnersOf = partnersByExceptions(exceptions, connections);
  const neighbours = new Map(
    nodes.map((node) => {
      const received = fromNeighbours(node, neighboursOf(node, nodes), partnersOf(node), sources);
      return [node, throughProxies(node, received, connections, sources)] as const;
    }),
  );
  const links = [
    ...connections.flatMap((connection) => connectionLinks(connection, sources)),
    ...[...neighbours.values()].flatMap((received) => received.links),
  ];
  checks.finish();
  const reachedBy = reachedByExceptions(exceptions, connections);
  const routes = new Map(
    nodes.map(
      (node) => [node, routesOf(node, nodes, connections, reachedBy(node), positionOf, conflicts)] as const,
    ),
  );
  const overlays = planOverlays(
    virtual,
    nodes,
    [...connections, ...joinedByExceptions(exceptions)],
    positionOf,
    conflicts,
  );
  const flows = flowsBetweenHosts(links, neighbours);
  const warnings = checkFeasibility(real, flows, conflicts, { virtual: positionOf, real: realPositionOf });
  conflicts.throwIfAny();

  const siteIndices = new IndexAllocator();
  const sites = siteComponents(virtual.sites, nodes, connections, exceptions, siteIndices, positionOf);
  const forwardingOf = forwardingNodes(virtual.sites, connections);
  const hosts = real.hosts.map((host) => {
    // A machine that may come has all that belongs to it ready.
    const local = nodes.filter((node) => mayMoveTo(node.host, host));
    if (local.length === 0) return new HostComponent(host, []);
    const components = [
      ...sites,
      ...local.map((node) =>
        vifComponent(
          node,
          profiles,
          neighbours.get(node)?.usual ?? {},
          forwardingOf(node),
          (routes.get(node) ?? []).map((row) => tableRow(routeTable, row)),
          configuredMtu(node, host, overlays),
          isOptional(node, real.hosts),
          positionOf,
        ),
      ),
      ...overlayComponents(host, overlays, ({ name }) => siteIndices.indexOf(name), positionOf),
      ...links
        .filter(({ receiver }) => mayMoveTo(receiver.host, host))
        .map((link) => linkComponent(link, positionOf)),
    ];
    return new HostComponent(host, [...profileComponents(components, profiles), ...components]);
  });
  return new EnvironmentComponent(virtual.name, hosts, warnings);
}

const isOptional = (node: PlacedNode, hosts: readonly Host[]): boolean =>
  hosts.some((host) => host !== node.host && mayMoveTo(node.host, host));

/** An environment in which nothing is wanted: what `destroy` makes of the hosts. */
export function emptyEnvironment(name: string, hosts: readonly Host[]): EnvironmentComponent {
  return new EnvironmentComponent(
    name,
    hosts.map((host) => new HostComponent(host, [])),
  );
}

/** What the file says, whose writer has room for it, or what passes the site's overlay; 0 where nothing is to be changed. */
function configuredMtu(placed: PlacedNode, host: Host, overlays: readonly OverlayPart[]): number {
  const { site } = placed;
  return saidMtu(placed) ?? (overlays.some((part) => part.site === site) ? overlayMtu(site, host) : 0);
}

function neighboursOf(node: PlacedNode, nodes: readonly PlacedNode[]): PlacedNode[] {
  return nodes.filter((other) => other.site === node.site && other !== node);
}

function siteComponents(
  sites: readonly Site[],
  nodes: readonly PlacedNode[],
  connections: readonly SiteConnection[],
  exceptions: readonly Exception[],
  allocator: IndexAllocator,
  positionOf: PositionOf,
): Component[] {
  const indices = new Map(sites.map((site) => [site, allocator.indexOf(site.name)] as const));
  const indexOf = (site: Site): number => indices.get(site) ?? 0;
  const isRouted = (site: Site): boolean =>
    connections.some((connection) => connection.policy === 'routed' && connection.sites.includes(site));
  const members = sites.map((site) => {
    const rows = nodes
      .filter((node) => node.site === site)
      .flatMap(({ node, mac, allAddresses }) =>
        allAddresses.map((address) =>
          tableRow(memberTable, {
            site: indexOf(site),
            address: address.toString(),
            prefixLength: address.bits,
            role: node.role,
            macAddress: node.role === 'proxy' && isRouted(site) ? mac.toString() : '',
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

function vifComponent(
  placed: PlacedNode,
  profiles: Profiles,
  usual: Parameters,
  forwarding: VifRow['forwarding'],
  routes: readonly TableRow[],
  mtu: number,
  mayBeElsewhere: boolean,
  positionOf: PositionOf,
): Component {
  const { site, node, vm, vif, access } = placed;
  return new Component(
    'vif',
    `${placed.path}/${vif.name}`,
    [
      tableRow(vifTable, {
        vif: vif.name,
        vmName: node.vm,
        bridge: vif.bridge,
        macAddress: placed.mac.toString(),
        mtu,
        txProfile: profiles.indexOf(rateOf(access.sent)),
        rxProfile: profiles.indexOf({ ...usual, ...rateOf(access.received) }),
        sourceGuard: true,
        forwarding,
        machine: vm.container ?? vm.uuid ?? '',
        presence: mayBeElsewhere ? 'optional' : 'required',
        addressing: vm.addressing,
      }),
      ...node.addresses.map((address) =>
        tableRow(addrTable, {
          vif: vif.name,
          address: address.toString(),
          prefixLength:
            site.networks.find((network) => network.contains(address))?.prefixLength ?? address.bits,
        }),
      ),
      ...routes,
    ],
    positionOf(node),
  );
}

function linkComponent({ receiver, sender, rows, link }: ReceivedLink, positionOf: PositionOf): Component {
  return new Component(
    'link',
    `${sender} -> ${receiver.path}`,
    rows.map((row) => tableRow(linkTable, row)),
    // Without one, the lines of its ends say it.
    positionOf(link ?? receiver.node.access ?? receiver.site.access ?? receiver.node),
  );
}

/** The profiles that the components of one host refer to. */
function profileComponents(components: readonly Component[], profiles: Profiles): Component[] {
  const used = new Set<number>();
  for (const { rows } of components) {
    for (const { table, row } of rows) {
      if (table === linkTable) used.add(Number(row['profile']));
      if (table === vifTable) used.add(Number(row['txProfile'])).add(Number(row['rxProfile']));
    }
  }
  return [...used].flatMap((index) => {
    const row = profiles.row(index);
    return row === undefined
      ? []
      : [new Component('profile', `profile "${row.name}"`, [tableRow(profileTable, row)])];
  });
}
