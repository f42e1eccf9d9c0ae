import type { LinkRow } from '../../mib/link-table.js';
import type { SiteConnection } from './connections.js';
import type { IndexAllocator } from './index-allocator.js';
import type { Parameters } from '../model/parameters.js';
import { through } from './parameters.js';
import type { PlacedNode } from './placed-node.js';
import type { Profiles } from './profiles.js';
import type { Received, Receiving } from './received.js';

/** What tells the links of an environment, and gives them their numbers. */
export interface LinkSources {
  readonly receiving: Receiving;
  readonly profiles: Profiles;
  /** One group for each sender, so that its addresses are one link at each receiver. */
  readonly groups: IndexAllocator;
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
  const { receiving, profiles, groups } = sources;
  const found = neighbours.map((sender) => ({ sender, ...receiving.of(sender, receiver) }));
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
      const { index } = sources.receiving.of(sender, receiver);
      return { receiver, sender, rows: linkRows(receiver, sender, sources.groups, index) };
    }),
  );
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
