import type { Arrangement } from '../arrange.js';
import type { GraphEdge } from '../graph.js';
import { lines, markup, wrapped, type Markup } from './markup.js';
import type { Places } from './places.js';
import { edgeStatement, type Attributes } from './statements.js';
import { COLOURS, SIZES } from './style.js';

/** Characters of a line at an edge. */
const LABEL_WIDTH = 26;

/** How each kind of edge looks; the legend says it. */
export const EDGE_STYLES = {
  link: { color: COLOURS.ink, penwidth: 1.8 },
  physical: { color: COLOURS.ink, penwidth: 1.8 },
  vif: { color: COLOURS.frame, penwidth: 1 },
  allow: { color: COLOURS.allow, fontcolor: COLOURS.allow, penwidth: 0.9, arrowhead: 'normal' },
  deny: { color: COLOURS.deny, fontcolor: COLOURS.deny, penwidth: 0.9, arrowhead: 'tee' },
} as const;

export function edgeLines({ clusters, edges }: Arrangement, places: Places): string[] {
  const groups = new Set(clusters.map(({ group }) => group.id));
  return edges.map((edge) => {
    // Hosts on one side, what joins them on the other.
    const isTurned = edge.kind === 'physical' && groups.has(edge.to) && !groups.has(edge.from);
    const [from, to] = isTurned ? [edge.to, edge.from] : [edge.from, edge.to];
    const [tail, head] = [places.of(from, to), places.of(to, from)];
    return edgeStatement(tail.node, head.node, {
      ...EDGE_STYLES[edge.kind],
      ...(edge.direction === 'both' ? { dir: 'none' } : { arrowsize: edge.kind === 'deny' ? 1.2 : 0.8 }),
      ...(edge.state === 'down' ? { style: 'dashed' } : {}),
      ...(tail.cluster === undefined ? {} : { ltail: tail.cluster }),
      ...(head.cluster === undefined ? {} : { lhead: head.cluster }),
      ...labelOf(edge),
    });
  });
}

function labelOf({ kind, words }: GraphEdge): Attributes {
  if (words.length === 0) return {};
  const isRule = kind === 'allow' || kind === 'deny';
  const rows = isRule ? words : wrapped(words, LABEL_WIDTH);
  const size = isRule || kind === 'vif' ? SIZES.small : SIZES.text;
  const texts = rows.map((row): Markup => markup`<FONT POINT-SIZE="${size}">${row}</FONT>`);
  // Other edges pass behind it.
  const background = markup`<TR><TD BGCOLOR="${COLOURS.paper}">${lines(texts)}</TD></TR>`;
  return { label: markup`<TABLE BORDER="0" CELLPADDING="3">${background}</TABLE>` };
}
