import type { LinkRow } from '../../mib/link-table.js';
import type { Link } from '../model/link.js';
import type { SiteConnection } from './connections.js';
import type { IndexAllocator } from './index-allocator.js';
import type { LinksBetween } from './links-between.js';
import { overridden, through, type Parameters } from './parameters.js';
import type { PlacedNode } from './placed-node.js';
import type { Profiles } from './profiles.js';

/** What tells the links of an environment, and gives them their numbers. */
export interface LinkSources {
  readonly links: LinksBetween;
  readonly profiles: Profiles;
  /** One group for each sender, so that its addresses are one link at each receiver. */
  readonly groups: IndexAllocator;
  /** Hears of the parameters of each pair of nodes that links are about. */
  readonly onLink: (links: readonly Link[], parameters: Parameters) => void;
}

/** What one node receives from one other node, by a profile of its own. */
export interface ReceivedLink {
  readonly receiver: PlacedNode;
  readonly sender: PlacedNode;
  readonly rows: readonly LinkRow[];
}

/** What a node receives from its neighbours of the same site. */
export interface FromNeighbours {
  /** The parameters of what no link row is about. */
  readonly usual: Parameters;
  /** Neighbours to whom something else applies. */
  readonly links: readonly ReceivedLink[];
}

/** What a node receives from its neighbours: usually what its line and theirs do, and what links say. */
export function fromNeighbours(
  receiver: PlacedNode,
  neighbours: readonly PlacedNode[],
  sources: LinkSources,
): FromNeighbours {
  const { profiles, groups } = sources;
  const plain = new Map<Parameters, Received>();
  const found = neighbours.map((sender) => {
    const links = sources.links.of(sender, receiver);
    // Lines of the same content are the same object: what they do is found once, however many neighbours there are.
    const known = links.length > 0 ? undefined : plain.get(sender.access);
    const result = known ?? received(links, sender, receiver, sources);
    if (links.length === 0) plain.set(sender.access, result);
    return { sender, ...result };
  });
  const usual = usualOf(found) ?? through({}, [receiver.access]);
  const usualIndex = profiles.indexOf(usual);
  return {
    usual,
    links: found
      .filter(({ index, parameters }) => index !== usualIndex || parameters.bandwidth !== undefined)
      .map(({ sender, index }) => ({ receiver, sender, rows: linkRows(receiver, sender, groups, index) })),
  };
}

/** The most frequent parameters need the fewest rows. Bandwidth is each sender's own, and so never among them. */
function usualOf(found: readonly Received[]): Parameters | undefined {
  const counts = new Map<number, { count: number; index: number; parameters: Parameters }>();
  for (const { index, parameters } of found) {
    if (parameters.bandwidth !== undefined) continue;
    const entry = counts.get(index) ?? { count: 0, index, parameters };
    entry.count++;
    counts.set(index, entry);
  }
  const latency = ({ latency: time }: Parameters): number => time?.microseconds ?? 0;
  // Of equals the shortest delay, so that the choice is stable.
  const [first] = [...counts.values()].sort(
    (a, b) => b.count - a.count || latency(a.parameters) - latency(b.parameters) || a.index - b.index,
  );
  return first?.parameters;
}

/** What the ends of two joined sites receive from each other: one link per pair of nodes and direction. */
export function connectionLinks({ ends: [a, b] }: SiteConnection, sources: LinkSources): ReceivedLink[] {
  return [...oneWay(a, b, sources), ...oneWay(b, a, sources)];
}

function oneWay(
  senders: readonly PlacedNode[],
  receivers: readonly PlacedNode[],
  sources: LinkSources,
): ReceivedLink[] {
  return receivers.flatMap((receiver) =>
    senders.map((sender) => {
      const { index } = received(sources.links.of(sender, receiver), sender, receiver, sources);
      return { receiver, sender, rows: linkRows(receiver, sender, sources.groups, index) };
    }),
  );
}

/** What happens to what one node receives from another, and the index of its profile. */
interface Received {
  readonly parameters: Parameters;
  readonly index: number;
}

/** The links between the two, the more specific before the others, and the lines of both. */
function received(
  links: readonly Link[],
  sender: PlacedNode,
  receiver: PlacedNode,
  { profiles, onLink }: LinkSources,
): Received {
  const own = overridden(links);
  if (links.length > 0) onLink(links, own);
  const parameters = through(own, [sender.access, receiver.access]);
  return { parameters, index: profiles.indexOf(parameters) };
}

/** One row per address of the sender, the link-local one too: no way past the link, and one rate for all. */
function linkRows(
  receiver: PlacedNode,
  sender: PlacedNode,
  groups: IndexAllocator,
  profile: number,
): LinkRow[] {
  const group = groups.indexOf(sender.path);
  return sender.allAddresses.map((address) => ({
    vif: receiver.vif.name,
    peer: address.toString(),
    peerPrefixLength: address.bits,
    profile,
    group,
  }));
}
