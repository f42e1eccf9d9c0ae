import { groupBy } from '../../group-by.js';
import type { Graph, GraphEdge, GraphGroup, GraphNode } from './graph.js';
import { nameRanges } from './name-ranges.js';

/** With more machines than this, those that are alike are one box. */
export const MOST_BOXES = 40;

/** How the nodes of a graph stand together in its picture. */
export interface Arrangement {
  readonly clusters: readonly Cluster[];
  /** What is in no group. */
  readonly loose: readonly GraphNode[];
  /** Those that are drawn; what joins a machine with the only bridge that it has is not. */
  readonly edges: readonly GraphEdge[];
}

/** A group, and what stands in it. */
export interface Cluster {
  readonly group: GraphGroup;
  /** What has a shape or an edge of its own. */
  readonly singles: readonly GraphNode[];
  readonly shelves: readonly Shelf[];
}

/** Where others stand: the host of some nodes of a site, or a bridge with its machines. */
export interface Shelf {
  readonly host?: string | undefined;
  readonly bridge?: GraphNode | undefined;
  readonly boxes: readonly Box[];
}

/** One machine, or several that are drawn as one. */
export interface Box {
  /** A name or a range of names each. */
  readonly names: readonly string[];
  readonly count: number;
  readonly addresses: readonly string[];
  readonly words: readonly string[];
}

/** @param all whether each machine has its own box, however many there are */
export function arrange(graph: Graph, all = false): Arrangement {
  const vifs = groupBy(
    graph.edges.filter(({ kind }) => kind === 'vif'),
    ({ from }) => from,
  );
  const bridges = new Map([...vifs].flatMap(([machine, own]) => onlyBridge(machine, own)));
  const edges = graph.edges.filter(({ kind, from }) => kind !== 'vif' || !bridges.has(from));
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const isSingle = ({ id, kind }: GraphNode): boolean => kind === 'proxy' || ends.has(id);
  const machines = graph.nodes.filter(({ kind }) => !NO_MACHINES.has(kind));
  const boxesOf = (nodes: readonly GraphNode[]): Box[] =>
    all || machines.length <= MOST_BOXES
      ? nodes.map((node) => boxOfOne(node, vifs.get(node.id)))
      : boxesOfAlike(nodes, (node) => boxOfOne(node, vifs.get(node.id)));
  const clusters = graph.groups.map((group): Cluster => {
    const own = machines.filter((node) => node.group === group.id);
    const shelved = own.filter((node) => !isSingle(node));
    const shelfBridges = graph.nodes.filter(({ kind, group: of }) => kind === 'bridge' && of === group.id);
    const elsewhere = groupBy(
      shelved.filter(({ id }) => !bridges.has(id)),
      ({ host }) => host,
    );
    return {
      group,
      singles: own.filter(isSingle),
      shelves: [
        ...shelfBridges.map((bridge) => ({
          bridge,
          host: bridge.host,
          boxes: boxesOf(shelved.filter(({ id }) => bridges.get(id) === bridge.id)),
        })),
        ...[...elsewhere].map(([host, nodes]) => ({ host, boxes: boxesOf(nodes) })),
      ],
    };
  });
  return { clusters, loose: graph.nodes.filter(({ group }) => group === undefined), edges };
}

const NO_MACHINES = new Set<GraphNode['kind']>(['bridge', 'switch', 'router', 'outside']);

/** The bridge that all vifs of a machine are at. */
function onlyBridge(machine: string, vifs: readonly GraphEdge[]): (readonly [string, string])[] {
  const [first, ...others] = new Set(vifs.map(({ to }) => to));
  return first === undefined || others.length > 0 ? [] : [[machine, first]];
}

function boxOfOne({ name, addresses, words }: GraphNode, vifs: readonly GraphEdge[] = []): Box {
  return { names: [name], count: 1, addresses, words: [...vifs.flatMap((vif) => vif.words), ...words] };
}

/** Nodes of which the file says the same are one box. */
function boxesOfAlike(nodes: readonly GraphNode[], boxOf: (node: GraphNode) => Box): Box[] {
  return [...groupBy(nodes, ({ words }) => words.join('\n')).values()].flatMap((alike): Box[] => {
    const [first, ...others] = alike;
    if (first === undefined) return [];
    if (others.length === 0) return [boxOf(first)];
    const names = nameRanges(alike.map(({ name }) => name));
    return [{ names, count: alike.length, addresses: [], words: first.words }];
  });
}
