import type { IpVersion } from '../../../units/ip-network.js';
import type { IpSet, IpSetState } from '../ipset/model.js';
import { NO_RULES, type IptablesState } from '../iptables/model.js';
import type { IsolationInput, SiteMember } from './model.js';
import { distinctMembers, reachOf, type Reach } from './reach.js';

/** What keeps the sites apart: the sets and, for each IP version, the rules over them. */
export interface Isolation {
  readonly sets: IpSetState;
  readonly rules: Readonly<Record<IpVersion, IptablesState>>;
}

const VERSIONS: readonly IpVersion[] = [4, 6];

/**
 * The sets and rules of a policy. The rules grow with the sites and their links, not with the members. Frames
 * to a group address pass here, because the bridge copies one frame to many vifs and netfilter decides once:
 * the nft table decides about each copy.
 *
 * @throws NetmgrError `Conflict` for an address that belongs to two sites
 */
export function buildIsolation(input: IsolationInput): Isolation {
  const members = distinctMembers(input);
  const reach = reachOf(input);
  const sets = new Map<string, IpSet>();
  const rules: Record<IpVersion, IptablesState> = { 4: NO_RULES, 6: NO_RULES };
  for (const version of VERSIONS) {
    const own = members.filter(({ network }) => network.version === version);
    if (own.length === 0) continue;
    for (const [name, set] of buildSets(own, reach, version)) sets.set(name, set);
    rules[version] = buildRules(input, reach, sets, version);
  }
  return { sets, rules };
}

const nameOf = (kind: string, version: IpVersion): string => `netmgr-${kind}-v${String(version)}`;
const siteSet = (site: number, version: IpVersion): string => nameOf(`site-${String(site)}`, version);
const proxySet = (site: number, version: IpVersion): string => nameOf(`proxies-${String(site)}`, version);

function buildSets(
  members: readonly SiteMember[],
  reach: readonly Reach[],
  family: IpVersion,
): Map<string, IpSet> {
  const withProxies = new Set(reach.filter(({ scope }) => scope === 'proxies').flatMap(({ sites }) => sites));
  const sets = new Map<string, { family: IpVersion; members: Set<string> }>();
  const add = (name: string, { network }: SiteMember): void => {
    const set = sets.get(name) ?? { family, members: new Set<string>() };
    sets.set(name, set);
    set.members.add(network.toString());
  };
  for (const member of members) {
    add(nameOf('all', family), member);
    add(siteSet(member.site, family), member);
    if (member.role === 'proxy' && withProxies.has(member.site)) add(proxySet(member.site, family), member);
  }
  return sets;
}

const from = (set: string): string => `-m set --match-set ${set} src`;
const to = (set: string): string => `-m set --match-set ${set} dst`;

function buildRules(
  input: IsolationInput,
  reach: readonly Reach[],
  sets: IpSetState,
  version: IpVersion,
): IptablesState {
  const pass = (a: string, b: string): string[] =>
    sets.has(a) && sets.has(b) ? [`${from(a)} ${to(b)} -j ACCEPT`] : [];
  const within = [...input.sites]
    .sort((a, b) => a.id - b.id)
    .flatMap(({ id }) => pass(siteSet(id, version), siteSet(id, version)));
  const between = reach.flatMap(({ sites: [a, b], scope }) => {
    const set = scope === 'all' ? siteSet : proxySet;
    return [...pass(set(a, version), set(b, version)), ...pass(set(b, version), set(a, version))];
  });
  const all = nameOf('all', version);
  // Only what comes from members: a group frame of somebody else is for the rules that follow ours.
  const groups = ['multicast', 'broadcast'].map(
    (type) => `${from(all)} -m pkttype --pkt-type ${type} -j ACCEPT`,
  );
  return {
    forward: [...new Set(within), ...between, ...groups, `${from(all)} -j DROP`, `${to(all)} -j DROP`],
    // Through a bridge: a manager elsewhere that has a member's address by chance must not be locked out.
    input: [`${from(all)} -m physdev --physdev-is-in -j DROP`],
    jumpsFirst: true,
  };
}
