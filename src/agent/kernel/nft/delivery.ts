import type { IsolationInput, SiteMember } from '../isolation/model.js';
import { distinctMembers, reachOf, type Reach } from '../isolation/reach.js';
import type { BridgeVif, NftSet, NftTable } from './model.js';
import { hook, quoted, setOf } from './syntax.js';

/**
 * Which vifs receive a frame that goes to many, and each ARP packet: those that the sender's address may reach.
 * Unicast IP is judged by iptables; other protocols reach no vif of a site. A sender that is no member reaches
 * none, nor does IPv6's duplicate address detection, whose source says nothing: the addresses are ours to
 * give, so there is nothing to detect. Frames to an uplink pass: the host behind it decides about its vifs.
 */
export function buildDelivery(vifs: readonly BridgeVif[], isolation: IsolationInput): NftTable {
  const receivers = receiverSets(vifs);
  const reach = reachOf(isolation);
  const chains = new Map<string, readonly string[]>();
  const senders: Record<4 | 6, string[]> = { 4: [], 6: [] };
  for (const member of distinctMembers(isolation)) {
    const sets = setsReachedBy(member, reach).filter((name) => receivers.has(name));
    if (sets.length === 0) continue;
    const chain = `from-${member.role === 'proxy' ? 'proxies' : 'nodes'}-${String(member.site)}`;
    chains.set(chain, [...sets.map((name) => `oifname @${name} accept`), 'counter drop']);
    senders[member.network.version].push(`${textOf(member)} : goto ${chain}`);
  }
  return {
    sets: new Map([
      ['managed', managed(vifs)],
      ...receivers,
      ['senders-ipv4', senderMap('ipv4_addr', senders[4])],
      ['senders-ipv6', senderMap('ipv6_addr', senders[6])],
    ]),
    chains: new Map([
      ...chains,
      ['forward', [hook('forward'), 'oifname @managed goto deliver']],
      [
        'deliver',
        [
          'arp saddr ip vmap @senders-ipv4',
          'meta pkttype { broadcast, multicast } ip saddr vmap @senders-ipv4',
          'meta pkttype { broadcast, multicast } ip6 saddr vmap @senders-ipv6',
          'meta pkttype { broadcast, multicast } counter drop',
          'ether type { ip, ip6 } accept',
          'counter drop',
        ],
      ],
    ]),
  };
}

const siteSet = (site: number): string => `site-${String(site)}`;
const proxySet = (site: number): string => `proxies-${String(site)}`;

function managed(vifs: readonly BridgeVif[]): NftSet {
  return setOf(
    'ifname',
    vifs.filter(({ site }) => site !== undefined).map(({ vif }) => quoted(vif)),
  );
}

/** The vifs of each site and its proxies' vifs, as far as this host has any. */
function receiverSets(vifs: readonly BridgeVif[]): Map<string, NftSet> {
  const members = new Map<string, string[]>();
  for (const { vif, site, role } of vifs) {
    if (site === undefined) continue;
    for (const name of role === 'proxy' ? [siteSet(site), proxySet(site)] : [siteSet(site)]) {
      members.set(name, [...(members.get(name) ?? []), quoted(vif)]);
    }
  }
  return new Map([...members].map(([name, elements]) => [name, setOf('ifname', elements)]));
}

function setsReachedBy({ site, role }: SiteMember, reach: readonly Reach[]): string[] {
  const others = reach
    .filter(({ sites, scope }) => sites.includes(site) && (scope === 'all' || role === 'proxy'))
    .map(({ sites: [a, b], scope }) => {
      const other = a === site ? b : a;
      return scope === 'all' ? siteSet(other) : proxySet(other);
    });
  return [siteSet(site), ...others];
}

function senderMap(type: string, elements: readonly string[]): NftSet {
  return { kind: 'map', type: `${type} : verdict`, interval: true, elements: new Set(elements) };
}

/** nft prints a single address without its prefix length. */
function textOf({ network }: SiteMember): string {
  return network.prefixLength === network.address.bits ? network.address.toString() : network.toString();
}
