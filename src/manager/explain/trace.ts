import type { LinkStateRow } from '../../mib/link-state-table.js';
import { DELIVER_CHAIN, INPUT_CHAIN, SENDERS_PREFIX } from '../../mib/rule-names.js';
import type { IpAddress, IpVersion } from '../../units/ip-network.js';
import type { Decided } from './deciding-rule.js';
import { groupBy } from '../../group-by.js';
import { isFrom, type HostView } from './host-view.js';
import { isOtherHook, rulePlace, type KernelRule } from './kernel-rule.js';

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
  /** `sender`: no rule saw it; `receiver`: it was delivered, and nothing came back. */
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
  /** Whether a rule may match the packet, or what answers it. */
  readonly mayMatch: (rule: KernelRule) => boolean;
}

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
  if (result.outcome !== 'answered') {
    return { ...result, rules, links, lost: whereLost(result, stations, rules, links) };
  }
  // A refusal may come from something on the way, in the name of the machine.
  const lost = result.refused === true ? whereLost({ outcome: 'silent' }, stations, rules, links) : undefined;
  if (lost === undefined || !ON_THE_WAY.has(lost.place)) return { ...result, rules, links, lost: undefined };
  const words = `it was refused, and not by the machine: ${lost.words}`;
  return { outcome: 'silent', rules, links, lost: { ...lost, words } };
}

/** Places at which what comes from the machine itself cannot have got lost. */
const ON_THE_WAY: ReadonlySet<Loss['place']> = new Set(['sender', 'rule', 'link', 'between']);

function movedRules({ host, before, after }: Station, version: IpVersion): MovedRule[] {
  return differences(before, after)
    .filter(({ rule, packets }) => packets > 0n && isAboutPackets(rule, version))
    .map((moved) => ({ host, ...moved }));
}

/** What each rule has counted between two readings. */
function differences(before: HostView | undefined, after: HostView | undefined): Omit<MovedRule, 'host'>[] {
  // Rules of others come and go: one is the same if it says the same, wherever it stands by now.
  const known = groupBy(before?.rules ?? [], sameness);
  return (after?.rules ?? []).map((rule) => {
    const was = known.get(sameness(rule))?.shift()?.packets ?? 0n;
    return { rule, packets: rule.packets - was };
  });
}

const sameness = ({ family, table, chain, text }: KernelRule): string =>
  [family, table, chain, text].join('\n');

/** Whether counters went back meanwhile: then they tell nothing. */
function isReset({ before, after }: Station): boolean {
  return differences(before, after).some(({ packets }) => packets < 0n);
}

/** Whether a rule decides about unicast packets that are forwarded. */
function isAboutPackets({ family, chain, text }: KernelRule, version: IpVersion): boolean {
  if (family === 'bridge') {
    // No rules that see what is for many, such as the search for neighbours, and none that see frames which the bridge floods.
    return !chain.startsWith(SENDERS_PREFIX) && !text.includes('pkttype') && chain !== DELIVER_CHAIN;
  }
  return family === `ipv${String(version)}` && chain !== INPUT_CHAIN && DECIDES.test(text);
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

const DECIDES = /(^| )-j (ACCEPT|DROP|REJECT)\b|^policy /;
const DROPS = /(^| )-j (DROP|REJECT)\b| drop$|^drop$|^policy DROP$/;

/** The first place on the way that the counters name. */
function whereLost(
  result: ProbeOutcome,
  stations: readonly Station[],
  rules: readonly MovedRule[],
  links: readonly MovedLink[],
): Loss {
  if (result.outcome === 'failed') return { place: 'unknown', words: result.message };
  if (result.outcome === 'unsendable') return { place: 'sender', words: result.message };
  const movedOn = (on: string, decisive: KernelRule): MovedRule | undefined =>
    rules.find(({ host, rule }) => host === on && sameness(rule) === sameness(decisive));
  const moved = (host: string, decided: Decided | undefined): bigint =>
    (decided?.rule && movedOn(host, decided.rule)?.packets) ?? 0n;
  for (const { host, there, back } of stations) {
    const [own, answer] = [there, back].map((one) => one?.verdict === 'drop' && moved(host, one) > 0n);
    if (own === true && there?.rule !== undefined) return droppedBy(there.rule, host, 'it was');
    if (answer === true && back?.rule !== undefined)
      return droppedBy(back.rule, host, 'what answered it was');
    const link = links.find((one) => one.host === host && one.drops > 0n);
    if (link !== undefined) {
      const words = `lost on the link: dropped at ${link.vif} of ${host}, of what comes from ${link.peer}`;
      return { place: 'link', words };
    }
  }
  const reset = stations.find(isReset);
  if (reset !== undefined) {
    return { place: 'unknown', words: `it cannot be told where: counters of ${reset.host} began anew` };
  }
  // What the kernel has in its sets may be other than what is wanted, and frames are judged by more than addresses.
  const other = rules.find(
    ({ host, rule }) =>
      DROPS.test(rule.text) && stations.some((station) => station.host === host && station.mayMatch(rule)),
  );
  const last = stations.at(-1);
  const hasPassed =
    last?.there?.verdict === 'accept' &&
    last.back?.rule !== undefined &&
    last.back.rule !== last.there.rule &&
    moved(last.host, last.back) > 0n;
  return other === undefined
    ? furthest(stations, moved)
    : droppedBy(other.rule, other.host, hasPassed ? 'what answered it was' : 'it was');
}

/** @param what with its verb */
function droppedBy(rule: KernelRule, host: string, what: string): Loss {
  return { place: 'rule', words: `${what} dropped by ${rulePlace(rule)} on ${host}` };
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
  const mute = stations.find(({ there }) => there?.verdict !== 'accept' || there.rule === undefined);
  const missed = stations.findIndex(({ host, there }) => moved(host, there) === 0n);
  if (missed === 0 && first?.there?.rule !== undefined && first.there.verdict !== 'unknown') {
    return { place: 'sender', words: `no rule on ${first.host} saw it: ${BEFORE_RULES}${unreadOn(first)}` };
  }
  if (first === undefined || last === undefined || mute !== undefined) {
    const words = `it cannot be told where: nothing counts what passes on ${mute?.host ?? 'its way'}`;
    return { place: 'unknown', words };
  }
  if (missed > 0) {
    const [from, to] = [stations[missed - 1], stations[missed]];
    const words = `between ${from?.host ?? ''}, which let it pass, and ${to?.host ?? ''}, where no rule saw it: look at their uplinks and what is between`;
    return { place: 'between', words: `${words}${unreadOn(to)}` };
  }
  const [there, back] = [last.there?.rule, last.back?.rule];
  if (back !== undefined && back === there) {
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

/** Chains of a host whose rules are not read, and which may have stopped it. */
function unreadOn(station: Station | undefined): string {
  const hooks = station?.after?.rules.filter(isOtherHook) ?? [];
  if (hooks.length === 0) return '';
  const names = hooks.slice(0, MOST_NAMED).map(({ family, table, chain }) => `${family} ${table} ${chain}`);
  return `, or at what others have on ${station?.host ?? ''}, which is not read: ${names.join(', ')}`;
}

const MOST_NAMED = 3;

/** What a packet that no rule has seen may have met. */
const BEFORE_RULES =
  'the machine found no way or no neighbour there, or something before the rules stopped it';
const DELIVERED: Loss = {
  ...{ place: 'receiver', words: 'the hosts let it through to the machine, and nothing came back' },
};
