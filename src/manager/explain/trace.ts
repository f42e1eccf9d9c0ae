import type { LinkStateRow } from '../../mib/link-state-table.js';
import { FORWARD_CHAIN, REPLIES_CHAIN, SENDERS_PREFIX } from '../../mib/rule-names.js';
import type { IpAddress, IpVersion } from '../../units/ip-network.js';
import type { Decided } from './deciding-rule.js';
import { isFrom, type HostView } from './host-view.js';
import { ruleKey, type KernelRule } from './kernel-rule.js';

/** What came of the packet itself. */
export type ProbeOutcome =
  | { readonly outcome: 'answered'; /** Microseconds. */ readonly rtt?: number; readonly refused?: boolean }
  | { readonly outcome: 'silent' }
  /** The machine has no way there. */
  | { readonly outcome: 'unsendable'; readonly message: string }
  /** It is not known whether it was sent. */
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
  /** Why it says nothing after. */
  readonly unread: string | undefined;
}

/** Of iptables those that see what is forwarded: others see what is for the host itself. */
const FORWARDING: ReadonlySet<string> = new Set([FORWARD_CHAIN, REPLIES_CHAIN]);

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
  return (
    (after?.rules ?? [])
      // Of the agent's nft table no rules that see what is for many, such as the search for neighbours.
      .filter(({ family, chain, text }) =>
        family === 'bridge'
          ? !chain.startsWith(SENDERS_PREFIX) && !text.includes('pkttype')
          : family === `ipv${String(version)}` && FORWARDING.has(chain),
      )
      .flatMap((rule) => {
        const packets = rule.packets - (known.get(ruleKey(rule)) ?? 0n);
        return packets > 0n ? [{ host, rule, packets }] : [];
      })
  );
}

function movedLinks({ host, before, after }: Station, addresses: readonly IpAddress[]): MovedLink[] {
  const keyOf = ({ vif, peerName }: LinkStateRow): string => `${vif} ${peerName}`;
  const known = new Map(before?.links.map((link) => [keyOf(link), link]));
  return (after?.links ?? [])
    .filter((link) => addresses.some((address) => isFrom(link, address)))
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
  if (result.outcome === 'failed') return { place: 'unknown', words: result.message };
  if (result.outcome === 'unsendable') return { place: 'sender', words: result.message };
  const ofHost = (host: string): readonly MovedRule[] => rules.filter((one) => one.host === host);
  const moved = (host: string, decided: Decided | undefined): bigint =>
    (decided && ofHost(host).find(({ rule }) => ruleKey(rule) === ruleKey(decided.rule))?.packets) ?? 0n;
  for (const { host, there, back } of stations) {
    const decided = [there, back].find((one) => one?.verdict === 'drop' && moved(host, one) > 0n);
    if (decided !== undefined) return droppedBy(decided.rule, host);
    const link = links.find((one) => one.host === host && one.drops > 0n);
    if (link !== undefined) {
      const words = `lost on the link: dropped at ${link.vif} of ${host}, of what comes from ${link.peer}`;
      return { place: 'link', words };
    }
  }
  // What the kernel has in its sets may be other than what is wanted, and frames are judged by more than addresses.
  const other = rules.find(({ rule }) => DROPS.test(rule.text));
  return other === undefined ? furthest(stations, moved) : droppedBy(other.rule, other.host);
}

function droppedBy({ number, chain }: KernelRule, host: string): Loss {
  return { place: 'rule', words: `dropped by rule ${String(number)} of ${chain} on ${host}` };
}

/** Where nothing dropped it: behind the last place that saw it. */
function furthest(
  stations: readonly Station[],
  moved: (host: string, decided: Decided | undefined) => bigint,
): Loss {
  const unread = stations.find(({ before, after }) => before === undefined || after === undefined);
  if (unread !== undefined) {
    return {
      place: 'unknown',
      words: `it cannot be told where: ${unread.unread ?? `nothing is known of ${unread.host}`}`,
    };
  }
  const [first, last] = [stations.at(0), stations.at(-1)];
  if (
    first === undefined ||
    last === undefined ||
    stations.some(({ there }) => there?.verdict !== 'accept')
  ) {
    return { place: 'unknown', words: 'it cannot be told where: no rule of netmgr decides on each host' };
  }
  const missed = stations.findIndex(({ host, there }) => moved(host, there) === 0n);
  if (missed === 0) {
    const words = `it did not reach the bridge of ${first.host}: the machine has no way there, or no neighbour`;
    return { place: 'sender', words };
  }
  if (missed > 0) {
    const words = `between ${stations[missed - 1]?.host ?? ''} and ${stations[missed]?.host ?? ''}`;
    return { place: 'between', words };
  }
  if (last.back !== undefined && ruleKey(last.back.rule) === ruleKey(last.there?.rule ?? last.back.rule)) {
    return moved(last.host, last.back) === 1n
      ? DELIVERED
      : {
          place: 'unknown',
          words: 'all hosts let it through: it, or what answered it, got lost behind them',
        };
  }
  return moved(last.host, last.back) > 0n
    ? { place: 'back', words: 'it arrived, and what answered it got lost' }
    : DELIVERED;
}

const DELIVERED: Loss = {
  ...{ place: 'receiver', words: 'it was let through to the machine, and nothing came back' },
};
