import type { LinkStateRow } from '../../mib/link-state-table.js';
import { IpNetwork, type IpAddress, type IpVersion } from '../../units/ip-network.js';
import type { Decided } from './deciding-rule.js';
import type { HostView } from './host-view.js';
import { ruleKey, type KernelRule } from './kernel-rule.js';

/** What came of the packet itself. */
export type ProbeOutcome =
  | { readonly outcome: 'answered'; /** Microseconds. */ readonly rtt?: number; readonly refused?: boolean }
  | { readonly outcome: 'silent' }
  | { readonly outcome: 'failed'; readonly message: string };

/** A rule that has matched packets while the probe was under way. */
export interface MovedRule {
  readonly host: string;
  readonly rule: KernelRule;
  readonly packets: bigint;
}

/** What passed and what was dropped of a link meanwhile. */
export interface MovedLink {
  readonly host: string;
  readonly vif: string;
  readonly peer: string;
  readonly packets: bigint;
  readonly drops: bigint;
}

/** Where a packet got lost, as far as counters tell. */
export interface Loss {
  /** `sender`: it never came to the bridge; `receiver`: it was delivered, and nothing came back. */
  readonly place: 'sender' | 'rule' | 'link' | 'between' | 'receiver' | 'back' | 'unknown';
  /** In a sentence. */
  readonly words: string;
}

/** A probe, and what was counted on its way: by others too, where they sent meanwhile. */
export type ProbeTrace = ProbeOutcome & {
  readonly rules: readonly MovedRule[];
  readonly links: readonly MovedLink[];
  /** Undefined if it was answered. */
  readonly lost: Loss | undefined;
};

/** A station on the way: a host, and what it says before and after. */
export interface Station {
  readonly host: string;
  readonly before: HostView | undefined;
  readonly after: HostView | undefined;
  readonly there: Decided | undefined;
  readonly back: Decided | undefined;
}

/** The chains of the agent's nft table that see what is for one machine; the others see what is for many. */
const UNICAST_CHAINS: ReadonlySet<string> = new Set(['guard', 'tags', 'deliver']);

/**
 * Puts together what was counted.
 *
 * @param addresses those that the packet bears
 * @param stations in the order of the way there
 */
export function traceOf(
  result: ProbeOutcome,
  addresses: readonly [IpAddress, IpAddress],
  stations: readonly Station[],
): ProbeTrace {
  const rules = stations.flatMap((station) => movedRules(station, addresses[0].version));
  const links = stations.flatMap((station) => movedLinks(station, addresses));
  const lost = result.outcome === 'answered' ? undefined : whereLost(result, stations, rules, links);
  return { ...result, rules, links, lost };
}

function movedRules({ host, before, after }: Station, version: IpVersion): MovedRule[] {
  const known = new Map(before?.rules.map((rule) => [ruleKey(rule), rule.packets]));
  return (after?.rules ?? [])
    .filter(({ family, chain }) =>
      family === 'bridge' ? UNICAST_CHAINS.has(chain) : family === `ipv${String(version)}`,
    )
    .flatMap((rule) => {
      const packets = rule.packets - (known.get(ruleKey(rule)) ?? 0n);
      return packets > 0n ? [{ host, rule, packets }] : [];
    });
}

function movedLinks({ host, before, after }: Station, addresses: readonly IpAddress[]): MovedLink[] {
  const keyOf = ({ vif, peerName }: LinkStateRow): string => `${vif} ${peerName}`;
  const known = new Map(before?.links.map((link) => [keyOf(link), link]));
  return (after?.links ?? [])
    .filter(({ peerName }) => addresses.some((address) => IpNetwork.parse(peerName).contains(address)))
    .flatMap((link) => {
      const was = known.get(keyOf(link));
      if (was === undefined) return [];
      const packets = link.packets - was.packets;
      const drops = link.drops - was.drops;
      return packets > 0n || drops > 0n
        ? [{ host, vif: link.vifName, peer: link.peerName, packets, drops }]
        : [];
    });
}

const DROPS = /(^| )(-j DROP|drop)$/;

/** The first place on the way that the counters name. */
function whereLost(
  result: ProbeOutcome,
  stations: readonly Station[],
  rules: readonly MovedRule[],
  links: readonly MovedLink[],
): Loss {
  if (result.outcome === 'failed') {
    return { place: 'sender', words: `it was not sent: ${result.message}` };
  }
  const ofHost = (host: string): readonly MovedRule[] => rules.filter((one) => one.host === host);
  const has = (host: string, decided: Decided | undefined): boolean =>
    decided !== undefined && ofHost(host).some(({ rule }) => ruleKey(rule) === ruleKey(decided.rule));
  for (const { host, there, back } of stations) {
    const decided = [there, back].find((one) => one?.verdict === 'drop' && has(host, one));
    // What the kernel has in its sets may be other than what is wanted.
    const other = ofHost(host).find(({ rule }) => DROPS.test(rule.text));
    const rule = decided?.rule ?? other?.rule;
    if (rule !== undefined) {
      const words = `dropped by rule ${String(rule.number)} of ${rule.chain} on ${host}`;
      return { place: 'rule', words };
    }
    const link = links.find((one) => one.host === host && one.drops > 0n);
    if (link !== undefined) {
      const words = `lost on the link: dropped at ${link.vif} of ${host}, of what comes from ${link.peer}`;
      return { place: 'link', words };
    }
  }
  return furthest(stations, has);
}

/** Where nothing dropped it: behind the last place that saw it. */
function furthest(
  stations: readonly Station[],
  has: (host: string, decided: Decided | undefined) => boolean,
): Loss {
  const unread = stations.find(({ before, after }) => before === undefined || after === undefined);
  if (unread !== undefined) {
    return { place: 'unknown', words: `nobody knows: the agent of ${unread.host} does not answer` };
  }
  const judged = stations.filter(({ there }) => there !== undefined);
  const missed = judged.findIndex(({ host, there }) => !has(host, there));
  const [first, last] = [judged.at(0), judged.at(-1)];
  if (first === undefined || last === undefined) {
    return { place: 'unknown', words: 'nobody counts on this way' };
  }
  if (missed === 0) {
    const words = `it did not reach the bridge of ${first.host}: the machine has no way there, or no neighbour`;
    return { place: 'sender', words };
  }
  if (missed > 0) {
    const words = `between ${judged[missed - 1]?.host ?? ''} and ${judged[missed]?.host ?? ''}`;
    return { place: 'between', words };
  }
  return has(last.host, last.back) && last.back?.rule !== last.there?.rule
    ? { place: 'back', words: 'it arrived, and what answered it got lost' }
    : { place: 'receiver', words: 'it was let through to the machine, and nothing came back' };
}
