import { groupBy } from '../../group-by.js';
import { CommonComponents } from '../components/common-components.js';
import { Component, type TableRow, tableRow } from '../components/component.js';
import { EnvironmentComponent } from '../components/environment-component.js';
import { HostComponent } from '../components/host-component.js';
import { addrTable } from '../../mib/addr-table.js';
import { linkTable } from '../../mib/link-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { routeTable } from '../../mib/route-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { clusteredHosts, comingTo } from '../model/clusters.js';
import type { Host } from '../model/host.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { checkFeasibility } from '../feasibility/check-feasibility.js';
import { flowsBetweenHosts } from '../feasibility/flow.js';
import { Conflicts } from './conflicts.js';
import { connectionsBySite, siteConnections } from './connections.js';
import { IndexAllocator } from '../../mib/index-allocator.js';
import { LinkChecks } from './link-checks.js';
import { LineProfiles } from './line-profiles.js';
import { LinksBetween } from './links-between.js';
import type { Parameters } from '../model/parameters.js';
import { overlayMtu, saidMtu } from './overlay-mtu.js';
import { overlayComponents, planOverlays, type OverlayPart } from './overlays.js';
import { placeNodes, type PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';
import { Profiles } from './profiles.js';
import { Receiving } from './received.js';
import { exceptionsOf, joinedByExceptions, partnersByExceptions, reachedByExceptions } from './exceptions.js';
import { forwardingNodes } from './forwarding-nodes.js';
import { routesOf } from './routes.js';
import { Neighbourhood } from './neighbourhood.js';
import { connectionLinks, throughProxies, type ReceivedLink } from './shaping.js';
import { siteComponents } from './site-components.js';

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
  const linksBetween = new LinksBetween(virtual.links);
  const receiving = new Receiving(linksBetween, profiles, checks.check);
  const sources = { receiving, profiles, groups: new IndexAllocator() };
  const members = groupBy(nodes, ({ site }) => site);
  const connectionsOf = connectionsBySite(connections);
  for (const node of nodes) checks.checkAccess(node);
  const exceptions = exceptionsOf(virtual, nodes, connections, checks.refuse);
  const partnersOf = partnersByExceptions(exceptions, connections);
  const neighbours = new Map(
    [...members].flatMap(([site, own]) => {
      const neighbourhood = new Neighbourhood(own, linksBetween, sources);
      return own.map((node) => {
        const received = neighbourhood.receivedBy(node, partnersOf(node));
        return [node, throughProxies(node, received, connectionsOf(site), sources)] as const;
      });
    }),
  );
  const links = [
    ...connections.flatMap((connection) => connectionLinks(connection, sources)),
    ...[...neighbours.values()].flatMap((received) => received.links),
  ];
  checks.finish();
  const reachedBy = reachedByExceptions(exceptions, connections);
  const routes = new Map(
    nodes.map((node) => {
      const [own, joined] = [members.get(node.site) ?? [], connectionsOf(node.site)];
      return [node, routesOf(node, own, joined, reachedBy(node), positionOf, conflicts)] as const;
    }),
  );
  const overlays = planOverlays(
    virtual,
    nodes,
    [...connections, ...joinedByExceptions(exceptions)],
    positionOf,
    conflicts,
  );
  const warnings = checkFeasibility(real, flowsBetweenHosts(links, neighbours), conflicts, {
    virtual: positionOf,
    real: realPositionOf,
  });
  conflicts.throwIfAny();

  const siteIndices = new IndexAllocator();
  const sites = siteComponents(virtual.sites, nodes, connections, exceptions, siteIndices, positionOf);
  const lineProfiles = new LineProfiles(profiles);
  const common = new CommonComponents(sites);
  const forwardingOf = forwardingNodes(virtual.sites, connections);
  // A machine that may come has all that belongs to it ready.
  const localTo = comingTo(nodes, ({ host }) => host);
  const linksTo = comingTo(links, ({ receiver }) => receiver.host);
  const clustered = new Set(clusteredHosts(real.hosts));
  const hosts = real.hosts.map((host) => {
    const local = localTo(host);
    if (local.length === 0) return new HostComponent(host, []);
    const components = [
      ...local.map((node) =>
        vifComponent(
          node,
          lineProfiles,
          neighbours.get(node)?.usual ?? NOTHING,
          forwardingOf(node),
          (routes.get(node) ?? []).map((row) => tableRow(routeTable, row)),
          configuredMtu(node, host, overlays),
          clustered.has(node.host),
          positionOf,
        ),
      ),
      ...overlayComponents(host, overlays, ({ name }) => siteIndices.indexOf(name), positionOf),
      ...linksTo(host).map((link) => linkComponent(link, positionOf)),
    ];
    const all = [...profileComponents(components, profiles), ...sites, ...components];
    return new HostComponent(host, all, common);
  });
  return new EnvironmentComponent(virtual.name, hosts, warnings);
}

const NOTHING: Parameters = {};

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

function vifComponent(
  placed: PlacedNode,
  profiles: LineProfiles,
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
        txProfile: profiles.ofSent(access.sent),
        rxProfile: profiles.ofReceived(access.received, usual),
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

/** The profiles that links and vifs of one host refer to. */
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
