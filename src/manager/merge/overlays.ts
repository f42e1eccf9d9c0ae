import { groupBy } from '../../group-by.js';
import { overlayMachineTable } from '../../mib/overlay-machine-table.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { overlayVtepTable } from '../../mib/overlay-vtep-table.js';
import { Component, tableRow } from '../components/component.js';
import type { Host } from '../model/host.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { Conflicts } from './conflicts.js';
import { connectionsBySite, type SiteConnection } from './connections.js';
import type { PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';
import { vxlanNetworks, type VxlanNetwork } from './vnis.js';

/** What one host has of the overlay of one site. */
export interface OverlayPart extends VxlanNetwork {
  readonly site: Site;
  readonly host: Host;
  readonly bridge: string;
  /** The hosts that it sends to, and gets from. */
  readonly others: readonly Host[];
  /** The nodes of the site on these, which the host's machines reach. */
  readonly machines: readonly PlacedNode[];
}

/** Nodes of a site and nodes of another one that reach each other. */
interface Reached {
  readonly own: readonly PlacedNode[];
  readonly foreign: readonly PlacedNode[];
}

/**
 * Who takes part in the overlays of sites. What a node sends to all goes by the overlay of its own site, and what is
 * sent to it alone goes by that overlay too: so the hosts of a site have its overlay, and the hosts of those whom its
 * nodes reach. A site that needs no other host has none.
 */
export function planOverlays(
  { name, sites }: Pick<VirtualEnvironment, 'name' | 'sites'>,
  nodes: readonly PlacedNode[],
  connections: readonly SiteConnection[],
  positionOf: PositionOf,
  conflicts: Conflicts,
): OverlayPart[] {
  for (const connection of connections) checkConnection(connection, positionOf, conflicts);
  const networks = vxlanNetworks(name, sites, positionOf, conflicts);
  const members = groupBy(nodes, ({ site }) => site);
  const connectionsOf = connectionsBySite(connections);
  return [...networks].flatMap(([site, network]) => {
    const parts = partsOf(
      members.get(site) ?? [],
      connectionsOf(site).flatMap((connection) => reachedOf(site, connection)),
    );
    const hosts = parts.map(({ host }) => host);
    if (new Set(hosts.map(({ address }) => address.version)).size > 1) {
      conflicts.add(
        `the overlay of ${site.name} joins hosts with an IPv4 address and hosts with an IPv6 address`,
        site.name,
        positionOf(site),
        'Give all of these hosts addresses of one version in the real file.',
      );
    }
    return parts.flatMap(({ bridges, ...part }): OverlayPart[] => {
      const [bridge = '', ...more] = bridges;
      if (more.length > 0) {
        conflicts.add(
          `machines of ${part.host.name} that the overlay of ${site.name} joins are at the bridges ${bridges.join(', ')}`,
          site.name,
          positionOf(site),
          'Put them at one bridge: an overlay is at one bridge of a host.',
        );
      }
      return [{ ...part, ...network, site, bridge }];
    });
  });
}

/** Where one of two linked sites has an overlay, its hosts share no more than that. */
function checkConnection(
  { sites, ends }: SiteConnection,
  positionOf: PositionOf,
  conflicts: Conflicts,
): void {
  const [a, b] = sites;
  if (a.overlay === b.overlay) return;
  const isApart = ends[0].some((one) => ends[1].some((other) => one.host !== other.host));
  if (!isApart) return;
  const [has, lacks] = a.overlay === undefined ? [b, a] : [a, b];
  conflicts.add(
    `${has.name} has an overlay and ${lacks.name} has none, so that the link does not join them between hosts`,
    `${a.name} - ${b.name}`,
    positionOf(lacks),
    `Give ${lacks.name} overlay="${has.overlay ?? ''}" too.`,
  );
}

function reachedOf(site: Site, { sites, ends: [a, b] }: SiteConnection): Reached[] {
  if (sites[0] === site) return [{ own: a, foreign: b }];
  return sites[1] === site ? [{ own: b, foreign: a }] : [];
}

interface Part extends Omit<OverlayPart, 'site' | 'bridge' | 'vni' | 'port'> {
  readonly bridges: readonly string[];
}

function partsOf(members: readonly PlacedNode[], reached: readonly Reached[]): Part[] {
  const hosts = new Set([...members, ...reached.flatMap(({ foreign }) => foreign)].map(({ host }) => host));
  return [...hosts].flatMap((host): Part[] => {
    const isHere = (node: PlacedNode): boolean => node.host === host;
    const local = members.filter(isHere);
    const guests = reached.filter(({ foreign }) => foreign.some(isHere));
    // A host of the site sends to those whom its own nodes reach.
    const audience = reached.filter(({ own }) => own.some(isHere)).flatMap(({ foreign }) => foreign);
    const reachable = local.length > 0 ? members : [...new Set(guests.flatMap(({ own }) => own))];
    const machines = reachable.filter((node) => !isHere(node));
    const others = new Set([...machines, ...audience].map((node) => node.host));
    others.delete(host);
    if (others.size === 0) return [];
    const joined = [...local, ...guests.flatMap(({ foreign }) => foreign.filter(isHere))];
    const bridges = [...new Set(joined.map(({ vif }) => vif.bridge))];
    return [{ host, bridges, others: [...others], machines }];
  });
}

/** The components of the overlays of one host. */
export function overlayComponents(
  host: Host,
  parts: readonly OverlayPart[],
  indexOf: (site: Site) => number,
  positionOf: PositionOf,
): Component[] {
  return parts
    .filter((part) => part.host === host)
    .map(({ site: wanted, bridge, vni, port, others, machines }) => {
      const site = indexOf(wanted);
      return new Component(
        'overlay',
        `${wanted.name}/overlay`,
        [
          tableRow(overlayTable, { site, bridge, vni, port }),
          tableRow(overlayVtepTable, { site, address: host.address.toString(), role: 'local' }),
          ...others.map(({ address }) =>
            tableRow(overlayVtepTable, { site, address: address.toString(), role: 'remote' }),
          ),
          ...machines.map((node) =>
            tableRow(overlayMachineTable, {
              site,
              vtep: node.host.address.toString(),
              mac: node.mac.toString(),
            }),
          ),
        ],
        positionOf(wanted),
      );
    });
}
