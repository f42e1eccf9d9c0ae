import { createHash } from 'node:crypto';
import { DELIVER_CHAIN, SENDERS_PREFIX } from '../../../mib/rule-names.js';
import { IP_VERSIONS, type IpVersion } from '../../../units/ip-network.js';
import type { Flow, FlowEnd, IsolationInput, SiteMember } from '../isolation/model.js';
import { reachOf, type Reach } from '../isolation/reach.js';
import type { Hops } from './hops.js';
import type { BridgeVif, NftSet, NftTable } from './model.js';
import { flowSet, OUTSIDE, proxySet, receiverSets, siteSet } from './receivers.js';
import { addressText, hook, quoted, setOf, TAGGED } from './syntax.js';

/** What finds a neighbour (RFC 826; RFC 4861 sections 4.3 and 4.4). */
const NEIGHBOURS = ['ether type arp', 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }'];
/** The same of others than members. What a machine asks about an address before it has it says nothing of whom it is. */
const FROM_OUTSIDE = [
  'arp saddr ip != 0.0.0.0',
  'ip6 saddr != :: icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }',
];

/**
 * Which vifs receive a frame that goes to many, and each ARP packet: those that the sender's address may reach; where
 * only a flow lets it, no more than it takes to find each other. A sender that is no member reaches nobody but, with ARP
 * and neighbour discovery, who talks with the outside world; nor does IPv6's duplicate address detection, whose source
 * says nothing: the addresses are ours to give, so there is nothing to detect. Frames to an uplink pass: the host behind
 * it decides about its vifs.
 *
 * Unicast IP is judged by iptables, but a vif receives only what is for its machine, unless that forwards; other
 * protocols reach no vif of a site.
 */
export function buildDelivery(
  vifs: readonly BridgeVif[],
  members: readonly SiteMember[],
  isolation: IsolationInput,
  hops: Hops,
): NftTable {
  const receivers = receiverSets(vifs, isolation.flows);
  const reach = reachOf(isolation);
  const chains = new Map<string, readonly string[]>();
  const senders: Record<IpVersion, string[]> = { 4: [], 6: [] };
  for (const member of members) {
    const present = (name: string): boolean => receivers.has(name);
    const sets = setsReachedBy(member, reach).filter(present);
    const byFlows = setsOfFlows(member, isolation.flows).filter(present);
    const chain = chainName(member, byFlows);
    if (sets.length === 0 && byFlows.length === 0 && !receivers.has(OUTSIDE)) continue;
    chains.set(chain, [
      ...sets.map((name) => `oifname @${name} accept`),
      ...byFlows.flatMap((name) => NEIGHBOURS.map((packet) => `oifname @${name} ${packet} accept`)),
      'counter drop',
    ]);
    senders[member.network.version].push(`${addressText(member)} : goto ${chain}`);
  }
  const { sets: destinations, rules } = destinationRules(vifs);
  return {
    sets: new Map([
      ['managed', vifSet(vifs, ({ site }) => site !== undefined)],
      ...receivers,
      ...hops.sets,
      ...destinations,
      ['senders-ipv4', senderMap('ipv4_addr', senders[4])],
      ['senders-ipv6', senderMap('ipv6_addr', senders[6])],
    ]),
    chains: new Map([
      ...chains,
      ...hops.chains,
      // The kernel takes a VLAN tag out of the frame, and then iptables sees nothing of it, but the machine's stack does.
      ['tags', [hook('prerouting'), `iifname @managed ${TAGGED} counter drop`]],
      ['forward', [hook('forward'), `oifname @managed goto ${DELIVER_CHAIN}`]],
      [
        DELIVER_CHAIN,
        [
          `${TAGGED} counter drop`,
          'arp saddr ip vmap @senders-ipv4',
          'meta pkttype { broadcast, multicast } ip saddr vmap @senders-ipv4',
          'meta pkttype { broadcast, multicast } ip6 saddr vmap @senders-ipv6',
          ...(receivers.has(OUTSIDE)
            ? FROM_OUTSIDE.map((packet) => `oifname @${OUTSIDE} ${packet} accept`)
            : []),
          'meta pkttype { broadcast, multicast } counter drop',
          ...hops.deliver,
          ...rules,
          'counter drop',
        ],
      ],
    ]),
  };
}

/** What is delivered to a guarded vif is for one of its machine's addresses, unless the machine forwards. */
function destinationRules(vifs: readonly BridgeVif[]): { sets: Map<string, NftSet>; rules: string[] } {
  const managed = vifs.filter(({ site }) => site !== undefined);
  const bound = managed.filter(({ guard, forwarding }) => guard && forwarding === 'nothing');
  const sets = new Map<string, NftSet>();
  const rules: string[] = [];
  if (bound.length > 0) {
    for (const version of IP_VERSIONS) {
      const name = `addressed-ipv${String(version)}`;
      const elements = bound.flatMap(({ vif, mac, addresses }) =>
        [...addresses, ...(mac === undefined ? [] : [mac.linkLocalAddress()])]
          .filter((address) => address.version === version)
          .map((address) => `${quoted(vif)} . ${address.toString()}`),
      );
      sets.set(name, setOf(`ifname . ipv${String(version)}_addr`, elements));
      rules.push(`oifname . ${version === 4 ? 'ip' : 'ip6'} daddr @${name} accept`);
    }
  }
  if (bound.length < managed.length) {
    sets.set(
      'any-destination',
      vifSet(managed, (vif) => !bound.includes(vif)),
    );
    rules.push('oifname @any-destination ether type { ip, ip6 } accept');
  }
  return { sets, rules };
}

function vifSet(vifs: readonly BridgeVif[], isIn: (vif: BridgeVif) => boolean): NftSet {
  return setOf(
    'ifname',
    vifs.filter(isIn).map(({ vif }) => quoted(vif)),
  );
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

/** The other ends of flows that let a member send or answer. */
function setsOfFlows(member: SiteMember, flows: readonly Flow[]): string[] {
  return flows
    .filter(({ action }) => action === 'permit')
    .flatMap((flow) => [
      ...(isEnd(member, flow.from) ? [flowSet(flow, 'to')] : []),
      ...(isEnd(member, flow.to) ? [flowSet(flow, 'from')] : []),
    ]);
}

const isEnd = (member: SiteMember, { site, network }: FlowEnd): boolean =>
  member.site === site && (network === undefined || network.overlaps(member.network));

function chainName({ site, role }: SiteMember, byFlows: readonly string[]): string {
  const name = `${SENDERS_PREFIX}${role === 'proxy' ? 'proxies' : 'nodes'}-${String(site)}`;
  if (byFlows.length === 0) return name;
  return `${name}-${createHash('sha256').update(byFlows.join(' ')).digest('hex').slice(0, 8)}`;
}

function senderMap(type: string, elements: readonly string[]): NftSet {
  return { kind: 'map', type: `${type} : verdict`, interval: true, elements: new Set(elements) };
}
