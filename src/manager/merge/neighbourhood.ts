import { groupBy } from '../../group-by.js';
import type { Parameters } from '../model/parameters.js';
import type { LinksBetween } from './links-between.js';
import { through } from './parameters.js';
import type { PlacedNode } from './placed-node.js';
import type { Received } from './received.js';
import { received, type FromNeighbours, type LinkSources } from './shaping.js';

/** Nodes that send alike to all others of the site. */
type Alike = readonly [PlacedNode, ...PlacedNode[]];

/** Parameters, and the index of their profile. */
type Usual = Pick<Received, 'parameters' | 'index'>;

/** What a node receives from each of some neighbours. */
interface FromAlike extends Received {
  /** Nodes that send alike, or one that a link of its own is about. */
  readonly of: Alike | PlacedNode;
  /** How many of them there are, the receiver and those with links of their own left out. */
  readonly count: number;
}

/**
 * The nodes of a site, which reach one another. To a node, those that no link of its own to that node is about, and whose lines
 * and links to the site are the same, are looked at together: there are as many pairs of nodes as the square of their number.
 */
export class Neighbourhood {
  readonly #groups: readonly Alike[];
  readonly #groupOf: ReadonlyMap<PlacedNode, Alike>;
  readonly #byName: ReadonlyMap<string, PlacedNode>;
  readonly #places: ReadonlyMap<PlacedNode, number>;

  /** @param members of one site, in their order */
  constructor(
    private readonly members: readonly PlacedNode[],
    private readonly links: LinksBetween,
    private readonly sources: LinkSources,
  ) {
    const byLine = groupBy(members, (node) => node.access.sent);
    this.#groups = [...byLine.values()].flatMap((nodes) => [
      ...groupBy(nodes, ({ node, site }) => links.at(node.vm, site.name)).values(),
    ]) as unknown as Alike[];
    this.#groupOf = new Map(this.#groups.flatMap((alike) => alike.map((node) => [node, alike] as const)));
    this.#byName = new Map(members.map((node) => [node.node.vm, node]));
    this.#places = new Map(members.map((node, place) => [node, place]));
  }

  /**
   * What a node receives from its neighbours: usually what its line and theirs do, and what links say.
   *
   * @param partners nodes of other sites that it exchanges packets with besides
   */
  receivedBy(receiver: PlacedNode, partners: readonly PlacedNode[]): FromNeighbours {
    const { receiving, groups } = this.sources;
    const special = this.#specialTo(receiver);
    const found = this.#from(receiver, special);
    const { parameters: usual, index: usualIndex } = usualOf(found) ?? this.#ofLine(receiver.access.received);
    const isOwn = ({ index, parameters }: Received): boolean =>
      index !== usualIndex || parameters.bandwidth !== undefined;
    const own = new Map(found.filter(isOwn).map((from) => [from.of, from] as const));
    const isSpecial = new Set(special);
    // Few of many where nothing but links of their own makes them differ.
    const senders = this.#groups.some((alike) => own.has(alike))
      ? this.members.filter((sender) => sender !== receiver)
      : special;
    const fromPartners = partners.map((sender) => ({ sender, from: receiving.of(sender, receiver) }));
    return {
      usual,
      links: [
        ...senders.flatMap((sender) => {
          const of = isSpecial.has(sender) ? sender : this.#groupOf.get(sender);
          const from = of && own.get(of);
          return from === undefined ? [] : [received(receiver, sender, groups, from)];
        }),
        ...fromPartners
          .filter(({ from }) => isOwn(from))
          .map(({ sender, from }) => received(receiver, sender, groups, from)),
      ],
    };
  }

  /** What comes over a node's own line and nothing else. */
  #ofLine(line: Parameters): Usual {
    const parameters = through({}, [line]);
    return { parameters, index: this.sources.profiles.indexOf(parameters) };
  }

  /** The neighbours from which a link leads to that very node, in their order. */
  #specialTo(receiver: PlacedNode): PlacedNode[] {
    const place = (node: PlacedNode): number => this.#places.get(node) ?? 0;
    return [...this.links.sourcesOf(receiver.node.vm)]
      .map((name) => this.#byName.get(name))
      .filter((node): node is PlacedNode => node !== undefined && node !== receiver)
      .sort((a, b) => place(a) - place(b));
  }

  #from(receiver: PlacedNode, special: readonly PlacedNode[]): FromAlike[] {
    const { receiving } = this.sources;
    const others = new Set([receiver, ...special]);
    const without = groupBy([...others], (node) => this.#groupOf.get(node));
    return [
      ...this.#groups.flatMap((alike): FromAlike[] => {
        const count = alike.length - (without.get(alike)?.length ?? 0);
        const any = count === 0 ? undefined : alike.find((node) => !others.has(node));
        return any === undefined ? [] : [{ of: alike, count, ...receiving.of(any, receiver) }];
      }),
      ...special.map((node) => ({ of: node, count: 1, ...receiving.of(node, receiver) })),
    ];
  }
}

/** The most frequent parameters need the fewest rows. Bandwidth is each sender's own, and so never among them. */
function usualOf(found: readonly FromAlike[]): Usual | undefined {
  const counts = new Map<number, Usual & { count: number }>();
  for (const { index, parameters, count } of found) {
    if (parameters.bandwidth !== undefined) continue;
    const entry = counts.get(index) ?? { count: 0, index, parameters };
    entry.count += count;
    counts.set(index, entry);
  }
  const latency = ({ latency: time }: Parameters): number => time?.microseconds ?? 0;
  // Of equals the shortest delay, so that the choice is stable.
  const [first] = [...counts.values()].sort(
    (a, b) => b.count - a.count || latency(a.parameters) - latency(b.parameters) || a.index - b.index,
  );
  return first;
}
