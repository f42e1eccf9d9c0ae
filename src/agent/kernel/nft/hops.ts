import { IP_VERSIONS } from '../../../units/ip-network.js';
import type { IsolationInput, SiteMember } from '../isolation/model.js';
import { reachOf } from '../isolation/reach.js';
import type { BridgeVif, NftSet } from './model.js';
import { forwarderSet, gatewaySet, siteSet } from './receivers.js';
import { addressSet, setOf } from './syntax.js';

/** A site from which, and to which, packets go through its proxies. */
interface RoutedSite {
  readonly site: number;
  /** The sites that it is joined with so. */
  readonly peers: readonly number[];
}

/**
 * The hops of what goes from one routed site to another: from a node to a proxy of its own site, from there to one of
 * the other site, and from there to the node. The MAC address of a frame tells who sent it, which the source guard makes
 * sure of where it was sent; its IP addresses tell between whom the packet goes.
 */
export interface Hops {
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** What lets proxies send what they forward. */
  readonly guard: readonly string[];
  /** What drops a frame that leaves out a hop, before it is delivered. */
  readonly deliver: readonly string[];
}

const ipKey = { 4: 'ip', 6: 'ip6' } as const;

/** What the routed sites with vifs on this host need. */
export function buildHops(
  vifs: readonly BridgeVif[],
  members: readonly SiteMember[],
  isolation: IsolationInput,
): Hops {
  const local = new Set(vifs.map(({ site }) => site));
  const routed = routedSites(isolation).filter(({ site }) => local.has(site));
  const sets = new Map<string, NftSet>();
  const chains = new Map<string, readonly string[]>();
  const guard: string[] = [];
  const deliver: string[] = [];
  const forwarders: string[] = [];
  for (const one of routed) {
    const { site } = one;
    for (const [name, set] of setsOf(one, members)) sets.set(name, set);
    const hasProxy = vifs.some(
      (vif) => vif.site === site && vif.role === 'proxy' && vif.forwarding !== 'nothing',
    );
    const [inside, outside] = [insideSet(site), outsideSet(site)];
    if (hasProxy) {
      for (const version of IP_VERSIONS) {
        const ip = ipKey[version];
        guard.push(
          `iifname @${gatewaySet(site)} ${ip} saddr @${inside}-ipv${String(version)} ${ip} daddr @${outside}-ipv${String(version)} accept`,
          `iifname @${gatewaySet(site)} ${ip} saddr @${outside}-ipv${String(version)} ${ip} daddr @${inside}-ipv${String(version)} accept`,
        );
      }
      chains.set(`to-gateways-${String(site)}`, toGateways(site));
      deliver.push(`oifname @${gatewaySet(site)} jump to-gateways-${String(site)}`);
    }
    chains.set(`to-nodes-${String(site)}`, toNodes(site));
    const notGateways = hasProxy ? ` oifname != @${gatewaySet(site)}` : '';
    deliver.push(`oifname @${siteSet(site)}${notGateways} jump to-nodes-${String(site)}`);
  }
  for (const site of new Set(
    vifs.filter(({ forwarding }) => forwarding !== 'nothing').map((vif) => vif.site),
  )) {
    if (site === undefined) continue;
    const inside = members.filter((member) => member.site === site);
    for (const version of IP_VERSIONS) {
      const [ip, name] = [ipKey[version], `${insideSet(site)}-ipv${String(version)}`];
      sets.set(name, addressSet(inside, version));
      // What is neither from nor for its site is no matter of a machine that forwards: nothing goes by a third one.
      forwarders.push(
        `oifname @${forwarderSet(site)} ${ip} saddr != @${name} ${ip} daddr != @${name} counter drop`,
      );
    }
  }
  // A gateway that forwards where it received tells the sender of a shorter way, which is not open.
  const redirects = ['icmp type redirect counter drop', 'icmpv6 type nd-redirect counter drop'];
  return {
    sets,
    chains,
    guard,
    deliver: [...forwarders, ...(routed.length === 0 ? [] : [...redirects, ...deliver])],
  };
}

const insideSet = (site: number): string => `members-${String(site)}`;
const outsideSet = (site: number): string => `routed-${String(site)}`;
const ownHops = (site: number): string => `hops-in-${String(site)}`;
const peerHops = (site: number): string => `hops-to-${String(site)}`;

function routedSites(isolation: IsolationInput): RoutedSite[] {
  const peers = new Map<number, number[]>();
  for (const { sites, scope } of reachOf(isolation)) {
    if (scope !== 'routed') continue;
    const [a, b] = sites;
    peers.set(a, [...(peers.get(a) ?? []), b]);
    peers.set(b, [...(peers.get(b) ?? []), a]);
  }
  return [...peers].map(([site, of]) => ({ site, peers: of }));
}

function setsOf({ site, peers }: RoutedSite, members: readonly SiteMember[]): Map<string, NftSet> {
  const inside = members.filter((member) => member.site === site);
  const outside = members.filter((member) => peers.includes(member.site));
  const hops = (list: readonly SiteMember[]): NftSet =>
    setOf(
      'ether_addr',
      list.flatMap(({ role, mac }) => (role === 'proxy' && mac !== undefined ? [mac.toString()] : [])),
    );
  return new Map([
    ...IP_VERSIONS.flatMap((version) => [
      [`${insideSet(site)}-ipv${String(version)}`, addressSet(inside, version)] as const,
      [`${outsideSet(site)}-ipv${String(version)}`, addressSet(outside, version)] as const,
    ]),
    [ownHops(site), hops(inside)] as const,
    [peerHops(site), hops(outside)] as const,
  ]);
}

/** What comes from another site comes from a proxy of the own one. */
function toNodes(site: number): string[] {
  return IP_VERSIONS.map(
    (version) =>
      `${ipKey[version]} saddr @${outsideSet(site)}-ipv${String(version)} ether saddr != @${ownHops(site)} counter drop`,
  );
}

/** What comes from another site comes from a proxy of it, and what does not, does not. */
function toGateways(site: number): string[] {
  return IP_VERSIONS.flatMap((version) => {
    const ip = ipKey[version];
    const inside = `@${insideSet(site)}-ipv${String(version)}`;
    return [
      `${ip} saddr @${outsideSet(site)}-ipv${String(version)} ether saddr != @${peerHops(site)} counter drop`,
      `${ip} saddr ${inside} ether saddr @${peerHops(site)} counter drop`,
    ];
  });
}
