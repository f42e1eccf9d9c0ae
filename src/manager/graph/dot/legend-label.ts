import type { Arrangement } from '../arrange.js';
import type { Graph, GraphEdge } from '../graph.js';
import { EDGE_STYLES } from './edge-lines.js';
import { markup, type Markup } from './markup.js';
import { COLOURS, SIZES } from './style.js';
import { nameLine, smallLine } from './text-lines.js';

/** Hosts, or explanations, beside each other. */
const MOST_COLUMNS = 5;

/** Stands above the picture: the name, how much there is, the hosts' colours, and what lines and shapes mean. */
export function legendLabel(
  graph: Graph,
  arrangement: Arrangement,
  tintOf: (host?: string) => string,
): Markup {
  const rows = [
    markup`<FONT POINT-SIZE="${SIZES.title}"><B>${graph.name}</B></FONT>`,
    markup`${amounts(graph)}`,
    ...grid([
      ...(graph.shows === 'sites' ? hostRows(graph, tintOf) : []),
      ...keyRows({ ...graph, edges: arrangement.edges }),
    ]),
    ...notes(graph, arrangement).map(smallLine),
  ];
  return markup`
    <TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">
      ${rows.map((row) => markup`<TR><TD ALIGN="LEFT">${row}</TD></TR>`)}
    </TABLE>`;
}

function amounts({ shows, hosts, groups, nodes, edges }: Graph): string {
  const machines = nodes.filter(({ kind }) => kind === 'node' || kind === 'proxy' || kind === 'machine');
  const links = edges.filter(({ kind }) => kind === 'link' || kind === 'physical');
  return [
    ...(shows === 'sites' ? [counted(groups.length, 'site')] : []),
    counted(machines.length, shows === 'sites' ? 'node' : 'machine'),
    counted(hosts.length, 'host'),
    counted(links.length, shows === 'sites' ? 'link' : 'physical link'),
  ].join(', ');
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;

/** In one table, whose columns are as wide as what they hold: Graphviz would stretch tables of their own. */
function grid(rows: readonly (readonly Markup[])[]): Markup[] {
  if (rows.length === 0) return [];
  const texts = rows.map((cells) => markup`<TR>${cells}</TR>`);
  return [
    markup`<TABLE BORDER="0" CELLSPACING="4" CELLPADDING="3" COLOR="${COLOURS.frame}">${texts}</TABLE>`,
  ];
}

function hostRows({ hosts }: Graph, tintOf: (host?: string) => string): Markup[][] {
  const cells = hosts.map(
    ({ name, address }) =>
      markup`<TD BORDER="1" BGCOLOR="${tintOf(name)}" STYLE="ROUNDED">${nameLine(name)}  ${smallLine(address)}</TD>`,
  );
  return inRows(cells, MOST_COLUMNS);
}

/** What is to be explained, only where it is in the picture. In words: Graphviz draws no lines in labels. */
function keyRows({ shows, nodes, edges }: Graph): Markup[][] {
  const has = (is: (edge: GraphEdge) => boolean): boolean => edges.some(is);
  const { link, allow, deny } = EDGE_STYLES;
  const keys: readonly (readonly [isThere: boolean, text: string, colour: string])[] = [
    [nodes.some(({ kind }) => kind === 'proxy'), 'hexagon: proxy', link.color],
    [has((edge) => edge.kind === 'link' && edge.direction === 'both'), 'line: link both ways', link.color],
    [has((edge) => edge.kind === 'link' && edge.direction === 'forward'), 'arrow: link one way', link.color],
    [has(({ state }) => state === 'down'), 'dashed: down', link.color],
    [shows === 'hosts' && has(({ kind }) => kind === 'physical'), 'thick line: physical link', link.color],
    [has(({ kind }) => kind === 'vif'), 'thin line: vif', link.color],
    [has(({ kind }) => kind === 'allow'), 'thin green arrow: allow', allow.color],
    [has(({ kind }) => kind === 'deny'), 'thin red bar: deny', deny.color],
  ];
  const cells = keys.flatMap(([isThere, text, colour]) =>
    isThere
      ? [markup`<TD BORDER="0" ALIGN="LEFT"><FONT COLOR="${colour}">${smallLine(text)}</FONT></TD>`]
      : [],
  );
  return inRows(cells, MOST_COLUMNS);
}

function notes({ edges }: Graph, { clusters }: Arrangement): string[] {
  const isFolded = clusters.some(({ shelves }) =>
    shelves.some(({ boxes }) => boxes.some(({ count }) => count > 1)),
  );
  const hasRules = edges.some(({ kind }) => kind === 'allow' || kind === 'deny');
  return [
    ...(hasRules ? ['Of the rules #1, #2, … the first that matches decides.'] : []),
    ...(isFolded ? ['Machines that are alike share a box.'] : []),
  ];
}

/** As even as can be. */
function inRows<T>(all: readonly T[], most: number): T[][] {
  const count = Math.ceil(all.length / most);
  const width = Math.ceil(all.length / Math.max(1, count));
  return Array.from({ length: count }, (_row, i) => all.slice(i * width, (i + 1) * width));
}
