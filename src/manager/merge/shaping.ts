import type { LinkRow } from '../../mib/link-table.js';
import type { Link } from '../model/link.js';
import { IpNetwork } from '../../units/ip-network.js';
import type { SiteConnection } from './connections.js';
import type { IndexAllocator } from '../../mib/index-allocator.js';
import type { Parameters } from '../model/parameters.js';
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

/** What one node receives from one other node, or through it, by a profile of its own. */
export interface ReceivedLink {
  readonly receiver: PlacedNode;
  /** What sends: the path of a node, or the name of a site that it routes for. */
  readonly sender: string;
  /** The node that sends it, or through which it comes. */
  readonly from: PlacedNode;
  readonly parameters: Parameters;
  readonly rows: readonly LinkRow[];
  /** The most specific link of the file that says something of it. */
  readonly link: Link | undefined;
}

/** What a node receives from its neighbours of the same site. */
export interface FromNeighbours {
  /** The parameters of what no link row is about. */
  readonly usual: Parameters;
  /** Neighbours to whom something else applies. */
  readonly links: readonly ReceivedLink[];
}

/**
 * What a node receives from routed sites comes by its own proxy, over the same line as what that sends itself.
 *
 * @param received from its neighbours, the proxy among them
 */
export function throughProxies(
  receiver: PlacedNode,
  received: FromNeighbours,
  connections: readonly SiteConnection[],
  { receiving, groups }: LinkSources,
): FromNeighbours {
  const links = connections.flatMap(({ policy, sites, ends }): ReceivedLink[] => {
    const side = sites.indexOf(receiver.site);
    const [proxy] = ends[side] ?? [];
    const other = sites[1 - side];
    if (policy !== 'routed' || side < 0 || proxy === undefined || other === undefined) return [];
    if (ends[side]?.includes(receiver) === true) return [];
    const own = received.links.find(({ sender }) => sender === proxy.path);
    // Without a link of its own, what the proxy sends has what is usual, and so has this.
    if (own === undefined) return [];
    const { index, links: said, parameters } = receiving.of(proxy, receiver);
    const rows = other.networks.map((peer) => linkRow(receiver, peer, index, groups.indexOf(proxy.path)));
    return [{ receiver, sender: other.name, from: proxy, parameters, rows, link: said.at(-1) }];
  });
  return { ...received, links: [...received.links, ...links] };
}

/**
 * What the ends of two joined sites receive from each other: one link per pair of nodes and direction. Where proxies
 * route, one at each for all that comes from the other site.
 */
export function connectionLinks(
  { ends: [a, b], policy }: SiteConnection,
  sources: LinkSources,
): ReceivedLink[] {
  const way = policy === 'routed' ? routedWay : oneWay;
  return [...way(a, b, sources), ...way(b, a, sources)];
}

/** The networks of the site, and the link-local addresses of its proxies, by which they find their neighbours. */
function routedWay(
  senders: readonly PlacedNode[],
  receivers: readonly PlacedNode[],
  { receiving, groups }: LinkSources,
): ReceivedLink[] {
  const [first] = senders;
  if (first === undefined) return [];
  const { name, networks } = first.site;
  const group = groups.indexOf(name);
  const peers = [...networks, ...senders.map(({ mac }) => IpNetwork.ofHost(mac.linkLocalAddress()))];
  return receivers.map((receiver) => {
    const { index, links, parameters } = receiving.of(first, receiver);
    const rows = peers.map((peer) => linkRow(receiver, peer, index, group));
    return { receiver, sender: name, from: first, parameters, rows, link: links.at(-1) };
  });
}

function oneWay(
  senders: readonly PlacedNode[],
  receivers: readonly PlacedNode[],
  sources: LinkSources,
): ReceivedLink[] {
  return receivers.flatMap((receiver) =>
    senders.map((sender) =>
      received(receiver, sender, sources.groups, sources.receiving.of(sender, receiver)),
    ),
  );
}

/** One row per address of the sender, the link-local one too: no way past the link, and one rate for all. */
export function received(
  receiver: PlacedNode,
  sender: PlacedNode,
  groups: IndexAllocator,
  { index, links, parameters }: Received,
): ReceivedLink {
  const group = groups.indexOf(sender.path);
  const rows = sender.allAddresses.map((address) =>
    linkRow(receiver, IpNetwork.ofHost(address), index, group),
  );
  return { receiver, sender: sender.path, from: sender, parameters, rows, link: links.at(-1) };
}

function linkRow(receiver: PlacedNode, peer: IpNetwork, profile: number, group: number): LinkRow {
  return {
    vif: receiver.vif.name,
    peer: peer.address.toString(),
    peerPrefixLength: peer.prefixLength,
    profile,
    group,
  };
}
