import type { LinkRow } from '../../mib/link-table.js';
import { Duration } from '../../units/duration.js';
import type { Link } from '../model/link.js';
import type { SiteConnection } from './connections.js';
import type { IndexAllocator } from './index-allocator.js';
import type { PlacedNode } from './placed-node.js';
import type { Profiles } from './profiles.js';

/** What gives the links of an environment their numbers. */
export interface LinkNumbers {
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

/** The delay of what a node receives where no link row says otherwise: that of its own line and its neighbours'. */
export function defaultLatency(receiver: PlacedNode, neighbours: readonly PlacedNode[]): Duration {
  const counts = new Map<number, number>();
  for (const neighbour of neighbours) {
    const { microseconds } = accessLatency(neighbour).plus(accessLatency(receiver));
    counts.set(microseconds, (counts.get(microseconds) ?? 0) + 1);
  }
  // The most frequent one needs the fewest rows; of equals the shortest, so that the choice is stable.
  const [first] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return first === undefined ? accessLatency(receiver) : Duration.ofMicroseconds(first[0]);
}

/** Neighbours of the same site whose latency is not the default one of the receiver. */
export function neighbourLinks(
  receiver: PlacedNode,
  neighbours: readonly PlacedNode[],
  numbers: LinkNumbers,
): ReceivedLink[] {
  const usual = defaultLatency(receiver, neighbours);
  return neighbours.flatMap((sender) => {
    const latency = accessLatency(sender).plus(accessLatency(receiver));
    if (latency.microseconds === usual.microseconds) return [];
    return [
      {
        receiver,
        sender,
        rows: linkRows(receiver, sender, numbers.groups, numbers.profiles.indexOf({ latency })),
      },
    ];
  });
}

/** What the ends of two joined sites receive from each other: one link per pair of nodes and direction. */
export function connectionLinks(connection: SiteConnection, numbers: LinkNumbers): ReceivedLink[] {
  const [a, b] = connection.ends;
  return [...oneWay(connection.links, a, b, numbers), ...oneWay(connection.links, b, a, numbers)];
}

function oneWay(
  links: readonly Link[],
  senders: readonly PlacedNode[],
  receivers: readonly PlacedNode[],
  numbers: LinkNumbers,
): ReceivedLink[] {
  return receivers.flatMap((receiver) =>
    senders.map((sender) => {
      const applying = links.filter(
        (link) =>
          link.from === sender.site.name || (link.direction === 'both' && link.to === sender.site.name),
      );
      const bandwidth = applying.map((link) => link.bandwidth).findLast((value) => value !== undefined);
      const own = applying.map((link) => link.latency).findLast((value) => value !== undefined);
      const latency = (own ?? Duration.ZERO).plus(accessLatency(sender)).plus(accessLatency(receiver));
      return {
        receiver,
        sender,
        rows: linkRows(receiver, sender, numbers.groups, numbers.profiles.indexOf({ bandwidth, latency })),
      };
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

function accessLatency(placed: PlacedNode): Duration {
  return placed.access.latency ?? Duration.ZERO;
}
