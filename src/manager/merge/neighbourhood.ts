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
  readonly alike: Alike;
  /** How many of them there are, the receiver left out. */
  readonly count: number;
}

/**
 * The nodes of a site, which reach one another. Those that no link names and that send over lines of the same content are
 * looked at together: there are as many pairs of nodes as the square of their number.
 */
export class Neighbourhood {
  readonly #groups: readonly Alike[];
  readonly #groupOf: ReadonlyMap<PlacedNode, Alike>;

  /** @param members of one site, in their order */
  constructor(
    private readonly members: readonly PlacedNode[],
    links: LinksBetween,
    private readonly sources: LinkSources,
  ) {
    const groups = groupBy(members, (node) => (links.names(node.node.vm) ? node : node.access.sent));
    this.#groups = [...groups.values()] as [PlacedNode, ...PlacedNode[]][];
    this.#groupOf = new Map(this.#groups.flatMap((alike) => alike.map((node) => [node, alike] as const)));
  }

  /**
   * What a node receives from its neighbours: usually what its line and theirs do, and what links say.
   *
   * @param partners nodes of other sites that it exchanges packets with besides
   */
  receivedBy(receiver: PlacedNode, partners: readonly PlacedNode[]): FromNeighbours {
    const { receiving, groups } = this.sources;
    const found = this.#from(receiver);
    const { parameters: usual, index: usualIndex } = usualOf(found) ?? this.#ofLine(receiver.access.received);
    const isOwn = ({ index, parameters }: Received): boolean =>
      index !== usualIndex || parameters.bandwidth !== undefined;
    const own = new Map(found.filter(isOwn).map((from) => [from.alike, from] as const));
    const senders = own.size === 0 ? [] : this.members.filter((sender) => sender !== receiver);
    const fromPartners = partners.map((sender) => ({ sender, from: receiving.of(sender, receiver) }));
    return {
      usual,
      links: [
        ...senders.flatMap((sender) => {
          const alike = this.#groupOf.get(sender);
          const from = alike && own.get(alike);
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

  #from(receiver: PlacedNode): FromAlike[] {
    return this.#groups.flatMap((alike): FromAlike[] => {
      const count = alike.length - (alike === this.#groupOf.get(receiver) ? 1 : 0);
      return count === 0 ? [] : [{ alike, count, ...this.sources.receiving.of(alike[0], receiver) }];
    });
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
