import { groupBy } from '../../group-by.js';
import type { FromNeighbours, ReceivedLink } from '../merge/shaping.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { Parameters } from '../model/parameters.js';

/** What one node sends to another, and what the files ask of it. */
export interface Flow {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly parameters: Parameters;
  /** The element of the virtual file that asks for it: a link, an access line or a node. */
  readonly asked: object;
  /** How messages name that. */
  readonly subject: string;
}

/**
 * All that nodes send to nodes of other hosts. Of neighbours to whom nothing else applies than what is usual, there is one
 * flow from each host, which stands for all.
 */
export function flowsBetweenHosts(
  links: readonly ReceivedLink[],
  neighbours: ReadonlyMap<PlacedNode, Pick<FromNeighbours, 'usual'>>,
): Flow[] {
  const senders = new Map<PlacedNode, Set<PlacedNode>>();
  const special = links.flatMap(({ from, receiver: to, parameters, link }): Flow[] => {
    const known = senders.get(to) ?? new Set();
    senders.set(to, known);
    // What a proxy sends itself and what it forwards is one flow.
    if (known.has(from)) return [];
    known.add(from);
    if (from.host === to.host) return [];
    const subject = link === undefined ? `${from.path} - ${to.path}` : `${link.from} - ${link.to}`;
    return [{ from, to, parameters, asked: link ?? lineOf(to), subject }];
  });
  return [...special, ...usualFlows(neighbours, senders)];
}

function usualFlows(
  neighbours: ReadonlyMap<PlacedNode, Pick<FromNeighbours, 'usual'>>,
  senders: ReadonlyMap<PlacedNode, ReadonlySet<PlacedNode>>,
): Flow[] {
  const sites = groupBy(neighbours.keys(), ({ site }) => site);
  const hostsOf = new Map([...sites].map(([site, members]) => [site, groupBy(members, ({ host }) => host)]));
  return [...neighbours].flatMap(([to, { usual: parameters }]) => {
    const special = senders.get(to);
    return [...(hostsOf.get(to.site) ?? [])].flatMap(([host, members]): Flow[] => {
      const from = host === to.host ? undefined : members.findLast((member) => special?.has(member) !== true);
      return from === undefined ? [] : [{ from, to, parameters, asked: lineOf(to), subject: to.path }];
    });
  });
}

function lineOf({ node, site }: PlacedNode): object {
  return node.access ?? site.access ?? node;
}
