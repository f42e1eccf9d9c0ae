import type { Access } from '../model/access.js';
import type { Node } from '../model/node.js';
import { parameterWords } from '../model/parameters.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { Graph, GraphGroup, GraphNode } from './graph.js';
import { linkEdges } from './link-edges.js';
import { OUTSIDE, ruleEdges } from './rule-edges.js';

/** What is wanted: sites with their nodes, each on its host, and the links and rules between them. */
export function sitesGraph({ hosts }: RealEnvironment, virtual: VirtualEnvironment): Graph {
  const hostsOfMachines = new Map(
    hosts.flatMap(({ name, vms }) => vms.map((vm) => [vm.name, name] as const)),
  );
  const edges = [...linkEdges(virtual), ...ruleEdges(virtual)];
  const nodes = virtual.sites.flatMap((site) =>
    site.nodes.map((node) => siteNode(site, node, hostsOfMachines.get(node.vm))),
  );
  const isOutsideNamed = edges.some(({ from, to }) => from === OUTSIDE.id || to === OUTSIDE.id);
  return {
    name: virtual.name,
    shows: 'sites',
    hosts: hosts.map(({ name, address }) => ({ name, address: address.toString() })),
    groups: virtual.sites.map(siteGroup),
    nodes: isOutsideNamed ? [...nodes, OUTSIDE] : nodes,
    edges,
  };
}

function siteGroup(site: Site): GraphGroup {
  const { name, networks, policy, overlay, overlayVni, overlayPort, routes, access } = site;
  return {
    ...{ id: name, kind: 'site', name },
    words: [
      ...networks.map(String),
      `policy ${policy}`,
      ...(overlay === undefined
        ? []
        : [
            [
              `overlay ${overlay}`,
              ...(overlayVni === undefined ? [] : [`vni ${String(overlayVni)}`]),
              ...(overlayPort === undefined ? [] : [`port ${String(overlayPort)}`]),
            ].join(' '),
          ]),
      ...accessWords(access).map((words) => `each node: ${words}`),
      ...routes.map(({ to, via, metric }) =>
        [
          `route ${to.toString()} via ${via}`,
          ...(metric === undefined ? [] : [`metric ${String(metric)}`]),
        ].join(' '),
      ),
    ],
  };
}

function siteNode(site: Site, node: Node, host: string | undefined): GraphNode {
  const { vm, vif, role, addresses, access } = node;
  return {
    ...{ id: `${site.name}/${vm}`, kind: role, name: vm, group: site.name },
    ...(host === undefined ? {} : { host }),
    addresses: addresses.map(String),
    words: [...(vif === undefined ? [] : [`vif ${vif}`]), ...accessWords(access)],
  };
}

/** What a line is like, and what is different in one direction. */
function accessWords(access: Access | undefined): string[] {
  if (access === undefined) return [];
  const { mtu, sent, received } = access;
  return [
    ['', [...parameterWords(access), ...(mtu === undefined ? [] : [`mtu ${mtu.toString()}`])]] as const,
    ['sends ', parameterWords(sent ?? {})] as const,
    ['receives ', parameterWords(received ?? {})] as const,
  ].flatMap(([prefix, words]) => (words.length === 0 ? [] : [`${prefix}${words.join(' ')}`]));
}
