import { parameterWords } from '../model/parameters.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { GraphEdge } from './graph.js';

/** What goes from one end of a link to the other. */
type Way = Pick<GraphEdge, 'from' | 'to' | 'state' | 'words'>;

/** The links as the file has them; two directions that are alike are one edge. */
export function linkEdges({ sites, links }: VirtualEnvironment): GraphEdge[] {
  const ends = new Map(sites.map(({ name }) => [name, [name]]));
  for (const { name, nodes } of sites) {
    // A machine may be a node of several sites.
    for (const { vm } of nodes) ends.set(vm, [...(ends.get(vm) ?? []), `${name}/${vm}`]);
  }
  const ways = links.flatMap((link): Way[] => {
    const like = { state: link.state ?? 'up', words: parameterWords(link) };
    return (ends.get(link.from) ?? []).flatMap((from) =>
      (ends.get(link.to) ?? []).flatMap((to) => [
        { from, to, ...like },
        ...(link.direction === 'both' ? [{ from: to, to: from, ...like }] : []),
      ]),
    );
  });
  return joined(ways);
}

function joined(ways: readonly Way[]): GraphEdge[] {
  const keyOf = (from: string, to: string): string => `${from}\n${to}`;
  const rest = new Map(ways.map((way) => [keyOf(way.from, way.to), way]));
  return ways.flatMap((way): GraphEdge[] => {
    if (!rest.delete(keyOf(way.from, way.to))) return [];
    const back = keyOf(way.to, way.from);
    const isSame = areAlike(way, rest.get(back));
    if (isSame) rest.delete(back);
    return [{ kind: 'link', ...way, direction: isSame ? 'both' : 'forward' }];
  });
}

function areAlike(way: Way, other: Way | undefined): boolean {
  return way.state === other?.state && way.words.join('\n') === other.words.join('\n');
}
