import { NetmgrError } from '../../../errors.js';
import { IP_VERSIONS, IpNetwork } from '../../../units/ip-network.js';
import type { IsolationInput, SiteMember } from '../isolation/model.js';
import { distinctMembers } from '../isolation/reach.js';
import { buildDelivery } from './delivery.js';
import { buildHold, type Hold } from './hold.js';
import { buildHops, type Hops } from './hops.js';
import type { BridgeVif, NftTable } from './model.js';
import { buildOverlays, type BridgeOverlay } from './overlays.js';
import { addressSet, ANNOUNCEMENT, hook, quoted, setOf, TAGGED } from './syntax.js';

/** RFC 4291 section 2.5.6. */
const LINK_LOCAL = IpNetwork.parse('fe80::/10');
/** What a machine says before its address is its own: RFC 4862 section 5.4 and RFC 3810 section 5. */
const FROM_UNSPECIFIED = '{ mld-listener-report, nd-neighbor-solicit, mld2-listener-report }';

/**
 * The table for the vifs of this host, or undefined if there is nothing to guard, to keep apart or to wait for.
 *
 * @throws NetmgrError `InvalidInput` for a guarded vif without a MAC
 * @throws NetmgrError `Conflict` for an address that belongs to two sites
 */
export function buildNftTable(
  vifs: readonly BridgeVif[],
  isolation: IsolationInput,
  overlays: readonly BridgeOverlay[] = [],
  hold?: Hold,
): NftTable | undefined {
  const isGuarded = vifs.some((vif) => vif.guard);
  const isDelivered = vifs.some(({ site }) => site !== undefined);
  const members = isGuarded || isDelivered ? distinctMembers(isolation) : [];
  const hops = buildHops(vifs, members, isolation);
  const guard = isGuarded ? buildGuard(vifs, members, hops) : undefined;
  const delivery = isDelivered ? buildDelivery(vifs, members, isolation, hops) : undefined;
  const between = overlays.length > 0 ? buildOverlays(vifs, overlays) : undefined;
  const held = hold === undefined ? undefined : buildHold(hold, isolation);
  const parts = [held, guard, delivery, between].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return {
    sets: new Map(parts.flatMap(({ sets }) => [...sets])),
    chains: new Map(parts.flatMap(({ chains }) => [...chains])),
  };
}

/**
 * The source guard: a frame of a guarded vif needs the vif's MAC and, as IP or ARP, one of its addresses with
 * that MAC, or one of what its machine forwards. ARP probes (RFC 5227) and what IPv6 sends from the unspecified address
 * pass with the right MAC, and so does what a hypervisor sends for a machine that has moved here.
 * All else is dropped: other protocols, and VLAN tags, which would hide the rest.
 */
function buildGuard(vifs: readonly BridgeVif[], members: readonly SiteMember[], hops: Hops): NftTable {
  const guarded = vifs.filter(({ guard }) => guard).map(withMac);
  const bound = guarded.flatMap(({ vif, mac, addresses }) =>
    addresses.map((address) => ({
      version: address.version,
      text: `${quoted(vif)} . ${mac} . ${address.toString()}`,
    })),
  );
  const outside = forwardedFromOutside(vifs, members);
  const textsOf = (version: 4 | 6): string[] =>
    bound.filter((one) => one.version === version).map(({ text }) => text);
  return {
    sets: new Map([
      [
        'guarded',
        setOf(
          'ifname',
          guarded.map(({ vif }) => quoted(vif)),
        ),
      ],
      [
        'guard-ether',
        setOf(
          'ifname . ether_addr',
          guarded.map(({ vif, mac }) => `${quoted(vif)} . ${mac}`),
        ),
      ],
      ['guard-ipv4', setOf('ifname . ether_addr . ipv4_addr', textsOf(4))],
      ['guard-ipv6', setOf('ifname . ether_addr . ipv6_addr', textsOf(6))],
      ...outside.sets,
    ]),
    chains: new Map([
      ['prerouting', [hook('prerouting'), 'iifname @guarded goto guard']],
      [
        'guard',
        [
          `${TAGGED} counter drop`,
          'iifname . ether saddr != @guard-ether counter drop',
          'iifname . arp saddr ether . arp saddr ip @guard-ipv4 accept',
          'iifname . arp saddr ether @guard-ether arp saddr ip 0.0.0.0 accept',
          'iifname . ether saddr . ip saddr @guard-ipv4 accept',
          'iifname . ether saddr . ip6 saddr @guard-ipv6 accept',
          ...hops.guard,
          ...outside.rules,
          `ip6 saddr :: icmpv6 type ${FROM_UNSPECIFIED} accept`,
          `${ANNOUNCEMENT} accept`,
          'counter drop',
        ],
      ],
    ]),
  };
}

/**
 * A machine that forwards for the outside world sends to members what that has sent: what is no member's and, in IPv6,
 * not of a link only. What is not for a member it sends under its own addresses, as everybody.
 */
function forwardedFromOutside(
  vifs: readonly BridgeVif[],
  members: readonly SiteMember[],
): Pick<NftTable, 'sets'> & { readonly rules: readonly string[] } {
  const forwarding = vifs
    .filter((vif) => vif.guard && vif.forwarding === 'outside')
    .map(({ vif }) => quoted(vif));
  if (forwarding.length === 0) return { sets: new Map(), rules: [] };
  const global = members.filter(({ network }) => !network.overlaps(LINK_LOCAL));
  return {
    sets: new Map([
      ['forwarding', setOf('ifname', forwarding)] as const,
      ...IP_VERSIONS.map(
        (version) => [`members-ipv${String(version)}`, addressSet(global, version)] as const,
      ),
    ]),
    rules: [
      'iifname @forwarding ip saddr != @members-ipv4 ip daddr @members-ipv4 accept',
      `iifname @forwarding ip6 saddr != ${LINK_LOCAL.toString()} ip6 saddr != @members-ipv6 ip6 daddr @members-ipv6 accept`,
    ],
  };
}

function withMac({ vif, mac, addresses }: BridgeVif): {
  vif: string;
  mac: string;
  addresses: BridgeVif['addresses'];
} {
  if (mac === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the source guard of ${vif} needs the MAC address of its machine`,
      subject: vif,
      hint: 'Give the vif a MAC address, or turn its source guard off.',
    });
  }
  return { vif, mac: mac.toString(), addresses: [...addresses, mac.linkLocalAddress()] };
}
