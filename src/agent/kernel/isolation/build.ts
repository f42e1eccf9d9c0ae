import { IP_VERSIONS, type IpVersion } from '../../../units/ip-network.js';
import type { IpSet, IpSetState } from '../ipset/model.js';
import { allSet, proxySet, REPLIES_CHAIN, siteSet } from '../../../mib/rule-names.js';
import { NO_RULES, type IptablesState } from '../iptables/model.js';
import { companions, flowRules, replyRules, talkers } from './flow-rules.js';
import type { Flow, IsolationInput, SiteMember } from './model.js';
import { distinctMembers, reachOf, type Reach } from './reach.js';
import { inSet } from './in-set.js';

/** What the kernel knows to reply to something that passed. */
const REPLY = '-m conntrack --ctstate ESTABLISHED --ctdir REPLY';

/** What keeps the sites apart: the sets and, for each IP version, the rules over them. */
export interface Isolation {
  readonly sets: IpSetState;
  readonly rules: Readonly<Record<IpVersion, IptablesState>>;
}

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
  for (const version of IP_VERSIONS) {
    const own = members.filter(({ network }) => network.version === version);
    if (own.length === 0) continue;
    for (const [name, set] of buildSets(own, reach, version)) sets.set(name, set);
    rules[version] = buildRules(input, reach, sets, version);
  }
  return { sets, rules };
}

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
    add(allSet(family), member);
    add(siteSet(member.site, family), member);
    if (member.role === 'proxy' && withProxies.has(member.site)) add(proxySet(member.site, family), member);
  }
  return sets;
}

function buildRules(
  input: IsolationInput,
  reach: readonly Reach[],
  sets: IpSetState,
  version: IpVersion,
): IptablesState {
  const pairs = passingPairs(input, reach, version).filter(([a, b]) => sets.has(a) && sets.has(b));
  const flows = input.flows.filter((flow) => hasItsSets(flow, sets, version));
  const policy = pairs.map(([a, b]) => `${inSet(a, 'src')} ${inSet(b, 'dst')} -j ACCEPT`);
  const all = allSet(version);
  // What is for a group is no matter of flows: the nft table judges each copy. Only what comes from members: a group
  // frame of somebody else is for the rules that follow ours.
  const groups = ['multicast', 'broadcast'].map(
    (type) => `${inSet(all, 'src')} -m pkttype --pkt-type ${type} -j ACCEPT`,
  );
  const closed = [`${inSet(all, 'src')} -j DROP`, `${inSet(all, 'dst')} -j DROP`];
  // Without flows what answers needs nothing of its own: policies let both ways through, and nobody keeps states.
  const isStateful = flows.length > 0;
  return {
    forward: [
      ...groups,
      ...(isStateful ? beforeFlows(pairs, flows, all, version) : []),
      ...flowRules(flows, version),
      ...policy,
      ...closed,
    ],
    ...(isStateful ? { replies: [...replyRules(flows, version), ...policy] } : {}),
    // Through a bridge: a manager elsewhere that has a member's address by chance must not be locked out.
    input: [`${inSet(all, 'src')} -m physdev --physdev-is-in -j DROP`],
    jumpsFirst: true,
  };
}

/** What no flow shall stop: what goes with the packets of those who may talk, and replies. */
function beforeFlows(
  pairs: readonly (readonly [string, string])[],
  flows: readonly Flow[],
  all: string,
  version: IpVersion,
): string[] {
  const matches = [
    ...pairs.map(([a, b]) => ({ addresses: '', sets: `${inSet(a, 'src')} ${inSet(b, 'dst')}` })),
    ...talkers(flows, version),
  ];
  return [
    ...new Set(matches.flatMap((match) => companions(match, version))),
    `${REPLY} -j ${REPLIES_CHAIN}`,
    // A refusal of a connection ends what the kernel knows of it, and through gateways it passes here more than once.
    `-p tcp -m tcp --tcp-flags RST RST -m conntrack --ctstate INVALID -j ${REPLIES_CHAIN}`,
    `${inSet(all, 'src')} ${REPLY} -j DROP`,
    `${inSet(all, 'dst')} ${REPLY} -j DROP`,
  ];
}

/** The pairs of sets of which the first may send to the second, each once. */
function passingPairs(
  { sites }: IsolationInput,
  reach: readonly Reach[],
  version: IpVersion,
): (readonly [string, string])[] {
  const within = [...new Set(sites.map(({ id }) => id))]
    .sort((a, b) => a - b)
    .map((id) => [siteSet(id, version), siteSet(id, version)] as const);
  const between = reach.flatMap(({ sites: [a, b], scope }) => {
    const set = scope === 'proxies' ? proxySet : siteSet;
    return [
      [set(a, version), set(b, version)],
      [set(b, version), set(a, version)],
    ] as const;
  });
  return [...within, ...between];
}

/** A site without addresses of an IP version has no set of it. */
function hasItsSets({ from, to }: Flow, sets: IpSetState, version: IpVersion): boolean {
  return [from, to].every(({ site }) => site === undefined || sets.has(siteSet(site, version)));
}
