import { attributeOf } from '../model/attribute-names.js';
import { givenParameters, type Parameters } from '../model/parameters.js';
import type { Node } from '../model/node.js';
import type { Access } from '../model/access.js';
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
  const { name, networks, policy, overlay, overlayVni, overlayPort, nodes, routes, access } = site;
  return {
    name: 'site',
    attributes: {
      name,
      network: networks.join(' '),
      policy,
      overlay,
      'overlay-vni': overlayVni,
      'overlay-port': overlayPort,
    },
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
  const { mtu, sent, received } = access;
  const children = Object.entries({ sent, received }).flatMap(([name, line]) =>
    line === undefined ? [] : [{ name, attributes: parameterAttributes(line) }],
  );
  return [{ name: 'access', attributes: { ...parameterAttributes(access), mtu }, children }];
}

function linkElement(link: Link): WritableElement {
  const { from, to, direction } = link;
  return { name: 'link', attributes: { from, to, direction, ...parameterAttributes(link) } };
}

function parameterAttributes(line: Parameters): WritableElement['attributes'] {
  return Object.fromEntries(
    Object.entries(givenParameters(line)).map(([name, value]) => [attributeOf(name), value]),
  );
}
