import type { Node } from '../model/node.js';
import type { Access } from '../model/access.js';
import type { Line } from '../model/line.js';
import type { Link } from '../model/link.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { writeDocument, type WritableElement } from './write-element.js';

/** The file of a virtual environment, which `readVirtualEnvironment` reads back. */
export function writeVirtualEnvironment(environment: VirtualEnvironment): string {
  const { name, sites, links, rules } = environment;
  return writeDocument('virtual-environment', {
    attributes: { name },
    children: [
      ...sites.map(siteElement),
      ...links.map(linkElement),
      ...rules.map(({ action, from, to, protocol, port }) => ({
        name: action,
        attributes: { from, to, protocol, port },
      })),
    ],
  });
}

function siteElement(site: Site): WritableElement {
  const { name, networks, policy, overlay, nodes, routes, access } = site;
  return {
    name: 'site',
    attributes: { name, network: networks.join(' '), policy, overlay },
    children: [
      ...nodes.map(nodeElement),
      ...routes.map(({ to, via, metric }) => ({ name: 'route', attributes: { to, via, metric } })),
      ...accessElements(access),
    ],
  };
}

function nodeElement({ vm, vif, addresses, role, access }: Node): WritableElement {
  return {
    name: 'node',
    attributes: { vm, vif, address: addresses.join(' '), role },
    children: accessElements(access),
  };
}

function accessElements(access: Access | undefined): WritableElement[] {
  if (access === undefined) return [];
  return [{ name: 'access', attributes: lineAttributes(access) }];
}

function linkElement(link: Link): WritableElement {
  const { from, to, direction } = link;
  return {
    name: 'link',
    attributes: {
      ...{ from, to, direction },
      ...lineAttributes(link),
      'latency-correlation': link.latencyCorrelation,
      distribution: link.distribution,
      'jitter-reorders': link.jitterReorders,
      'loss-correlation': link.lossCorrelation,
      'gemodel-p': link.gemodelP,
      'gemodel-r': link.gemodelR,
      'gemodel-bad': link.gemodelBad,
      'gemodel-good': link.gemodelGood,
      reorder: link.reorder,
      'reorder-gap': link.reorderGap,
      limit: link.limit,
    },
  };
}

function lineAttributes(line: Line): WritableElement['attributes'] {
  const { bandwidth, burst, queue, framing, latency, jitter, loss, duplicate, corrupt, state } = line;
  return { bandwidth, burst, queue, framing, latency, jitter, loss, duplicate, corrupt, state };
}
