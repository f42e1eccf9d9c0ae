import { arrange, type Cluster, type Shelf } from '../arrange.js';
import type { Graph, GraphNode } from '../graph.js';
import { edgeLines } from './edge-lines.js';
import { legendLabel } from './legend-label.js';
import { lines, markup, wrapped, type Markup } from './markup.js';
import { Places } from './places.js';
import { shelvesLabel, type HeadedShelf } from './shelves-label.js';
import { attributeList, nodeStatement, quoted, subgraph, type Attributes } from './statements.js';
import { COLOURS, FONT, SIZES, tintsOf } from './style.js';
import { nameLine, smallLine, smallLines } from './text-lines.js';

export interface DotOptions {
  /** Whether each machine has its own box, however many there are. */
  readonly all?: boolean;
}

/** Characters of a line below the name of a site or host. */
const GROUP_WIDTH = 70;

/** A graph in the language of Graphviz, for its layout `dot`; the same text for the same graph. */
export function dotText(graph: Graph, { all = false }: DotOptions = {}): string {
  const arrangement = arrange(graph, all);
  const tintOf = tintsOf(graph.hosts);
  const places = new Places(arrangement);
  const statements = [
    `graph ${attributeList(graphAttributes(graph, legendLabel(graph, arrangement, tintOf)))}`,
    `node ${attributeList({ fontname: FONT, fontsize: SIZES.text, fontcolor: COLOURS.ink, color: COLOURS.frame })}`,
    `edge ${attributeList({ fontname: FONT, fontsize: SIZES.text, fontcolor: COLOURS.ink, color: COLOURS.ink })}`,
    ...arrangement.clusters.flatMap((cluster) => clusterLines(cluster, places, tintOf)),
    ...arrangement.loose.map((node) => singleLine(node, COLOURS.paper)),
    ...edgeLines(arrangement, places),
  ];
  return [`digraph ${quoted(graph.name)} {`, ...statements.map((line) => `  ${line}`), '}', ''].join('\n');
}

function graphAttributes({ shows }: Graph, label: Markup): Attributes {
  return {
    ...{ bgcolor: COLOURS.paper, fontname: FONT, fontsize: SIZES.text, fontcolor: COLOURS.ink, pad: 0.3 },
    ...{ label, labelloc: 't', labeljust: 'l' },
    // Edges end at the frames of groups.
    compound: true,
    ...{ rankdir: shows === 'hosts' ? 'LR' : 'TB', nodesep: 0.35, ranksep: 0.7 },
  };
}

function clusterLines(cluster: Cluster, places: Places, tintOf: (host?: string) => string): string[] {
  const { group, singles } = cluster;
  const title = markup`<FONT POINT-SIZE="${SIZES.group}"><B>${group.name}</B></FONT>`;
  const words = wrapped(group.words, GROUP_WIDTH, ' · ').map(smallLine);
  const attributes = {
    label: lines([title, ...words], 'LEFT'),
    ...{ labeljust: 'l', style: 'rounded,filled', margin: 14, color: COLOURS.frame },
    fillcolor: group.kind === 'host' ? tintOf(group.name) : COLOURS.group,
  };
  return subgraph(places.clusterOf(group.id), attributes, [
    ...places.shelvesOf(cluster).map(({ id, shelves }) =>
      nodeStatement(id, {
        shape: 'plain',
        label: shelvesLabel(shelves.map((shelf) => headed(shelf, group.kind === 'host', tintOf))),
      }),
    ),
    ...singles.map((node) => singleLine(node, tintOf(node.host))),
    ...(places.hasWhole(group.id) ? [wholeLine(cluster, places.wholeOf(group.id))] : []),
  ]);
}

function headed(shelf: Shelf, isInHost: boolean, tintOf: (host?: string) => string): HeadedShelf {
  const { bridge, host } = shelf;
  if (bridge !== undefined) {
    const words = smallLines(`bridge, ${bridge.words.join(', ')}`);
    return { ...shelf, tint: COLOURS.group, heading: [nameLine(bridge.name), ...words] };
  }
  return {
    ...shelf,
    tint: tintOf(host),
    heading: smallLines(isInHost ? 'at no bridge' : `on ${host ?? 'no host'}`),
  };
}

const SHAPES: Readonly<Record<GraphNode['kind'], string>> = {
  ...{ node: 'box', machine: 'box', proxy: 'hexagon' },
  ...{ bridge: 'box', switch: 'box3d', router: 'ellipse', outside: 'ellipse' },
};

/** What is drawn as a node of its own: a proxy, a node with a link, a switch, … */
function singleLine(node: GraphNode, tint: string): string {
  const { id, kind, name, host, addresses, words } = node;
  const isPhysical = kind === 'switch' || kind === 'router';
  const texts = [...(isPhysical ? [kind] : []), ...addresses, ...words];
  const place = host === undefined || kind === 'machine' ? [] : smallLines(`on ${host}`);
  return nodeStatement(id, {
    shape: SHAPES[kind],
    style: kind === 'outside' ? 'dashed' : SHAPES[kind] === 'box' ? 'rounded,filled' : 'filled',
    ...{ fillcolor: tint, margin: '0.1,0.06' },
    label: lines([...place, nameLine(name), ...texts.flatMap((text) => smallLines(text))]),
  });
}

/** What stands for a whole group where an edge leads there from within. */
function wholeLine({ group, singles, shelves }: Cluster, id: string): string {
  const isEmpty = singles.length === 0 && shelves.length === 0;
  const label = lines(smallLines(isEmpty ? 'no machines' : `all of ${group.name}`));
  return nodeStatement(id, { shape: isEmpty ? 'plaintext' : 'ellipse', margin: '0.05,0.02', label });
}
