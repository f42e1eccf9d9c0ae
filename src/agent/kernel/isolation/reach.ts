import { NetmgrError } from '../../../errors.js';
import type { IsolationInput, SiteMember, SitePolicy } from './model.js';

/** Two sites of which members reach each other, in both directions. */
export interface Reach {
  readonly sites: readonly [number, number];
  /** Whether all members do, all of them through the proxies, or only the proxies. */
  readonly scope: 'proxies' | 'routed' | 'all';
}

/** From the narrowest to the widest. */
const SCOPES: readonly Reach['scope'][] = ['proxies', 'routed', 'all'];
const WIDTH: Readonly<Record<SitePolicy, number>> = { isolated: 0, proxy: 1, routed: 2, open: 3 };

/** What the links between sites allow: where two policies differ, the narrower counts. */
export function reachOf({ sites, siteLinks }: Pick<IsolationInput, 'sites' | 'siteLinks'>): Reach[] {
  const widths = new Map(sites.map(({ id, policy }) => [id, WIDTH[policy]]));
  const reach = new Map<string, Reach>();
  for (const [a, b] of siteLinks) {
    const width = Math.min(widths.get(a) ?? 0, widths.get(b) ?? 0);
    const scope = SCOPES[width - 1];
    if (a === b || scope === undefined) continue;
    const pair: [number, number] = a < b ? [a, b] : [b, a];
    reach.set(pair.join(' '), { sites: pair, scope });
  }
  return [...reach.values()].sort((x, y) => x.sites[0] - y.sites[0] || x.sites[1] - y.sites[1]);
}

/**
 * The members without repetition, by address.
 *
 * @throws NetmgrError `Conflict` where an address belongs to two sites, or to a proxy and a node: it could not be
 * told who sent a packet.
 */
export function distinctMembers({ sites, members }: Pick<IsolationInput, 'sites' | 'members'>): SiteMember[] {
  const known = new Set(sites.map(({ id }) => id));
  const sorted = [...members].sort(byNetwork);
  const kept: SiteMember[] = [];
  // In this order a network that holds the next one is the last that was kept.
  for (const member of sorted) {
    if (!known.has(member.site)) {
      throw new NetmgrError({
        kind: 'Conflict',
        message: `${member.network.toString()} is a member of site ${String(member.site)}, which does not exist`,
      });
    }
    const last = kept.at(-1);
    if (last?.network.overlaps(member.network) !== true) {
      kept.push(member);
      continue;
    }
    if (last.site !== member.site || last.role !== member.role) {
      throw new NetmgrError({
        kind: 'Conflict',
        message: `${member.network.toString()} (${place(member)}) is within ${last.network.toString()} (${place(last)})`,
        hint: 'Give each address to one site, and there to a node or to a proxy.',
      });
    }
  }
  return kept;
}

const place = ({ site, role }: SiteMember): string => `${role} of site ${String(site)}`;

function byNetwork({ network: a }: SiteMember, { network: b }: SiteMember): number {
  return (
    a.version - b.version ||
    Buffer.compare(a.address.octets, b.address.octets) ||
    a.prefixLength - b.prefixLength
  );
}
