import type { Hop, PhysicalPaths } from '../feasibility/physical-paths.js';
import type { RateQuestion } from './rate.js';

/** How many streams run at once, and how much they send together: more would measure the hosts' processors. */
const MOST = { streams: 8, bitsPerSecond: 200e6 } as const;

interface Round {
  readonly members: RateQuestion[];
  /** Vifs whose machines send, and those whose machines receive. */
  readonly senders: Set<object>;
  readonly receivers: Set<object>;
  rate: number;
  /** What crosses each physical link in one direction. */
  readonly loads: Map<string, number>;
}

/**
 * Puts streams into rounds whose members do not disturb each other: no machine sends two of them or receives two, none is
 * the way back of another, where its acknowledgements go, and together they ask no more of a physical link than it has. What
 * asks more by itself runs alone.
 */
export function roundsOf(questions: readonly RateQuestion[], paths: PhysicalPaths): RateQuestion[][] {
  const rounds: Round[] = [];
  for (const question of questions) {
    const hops = question.legs.flatMap(
      ({ from, to }) => paths.between(from.host.name, to.host.name)?.hops ?? [],
    );
    let round = rounds.find((one) => fits(question, hops, one));
    if (round === undefined) {
      round = { members: [], senders: new Set(), receivers: new Set(), rate: 0, loads: new Map() };
      rounds.push(round);
    }
    round.members.push(question);
    for (const { from, to } of question.legs) {
      round.senders.add(from.vif);
      round.receivers.add(to.vif);
    }
    round.rate += question.asked;
    for (const hop of hops) {
      const key = keyOf(hop);
      round.loads.set(key, (round.loads.get(key) ?? 0) + question.asked);
    }
  }
  return rounds.map(({ members }) => members);
}

function fits({ from, to, legs, asked }: RateQuestion, hops: readonly Hop[], round: Round): boolean {
  return (
    round.members.length < MOST.streams &&
    round.rate + asked <= MOST.bitsPerSecond &&
    // Those who forward for a site have one rate for all of it.
    legs.every((leg) => !round.senders.has(leg.from.vif) && !round.receivers.has(leg.to.vif)) &&
    !round.members.some((other) => other.from === to && other.to === from) &&
    hops.every(
      (hop) => (round.loads.get(keyOf(hop)) ?? 0) + asked <= (hop.link.bandwidth?.bitsPerSecond ?? Infinity),
    )
  );
}

const keyOf = ({ from, to }: Hop): string => `${from} ${to}`;

/**
 * The order in which streams are worth their time: of each link and direction of the file one, of each another one, and so on.
 */
export function mostTellingFirst(questions: readonly RateQuestion[]): RateQuestion[] {
  const seen = new Map<string, number>();
  return questions
    .map((question) => {
      const link = question.legs.flatMap(({ links }) => links).at(-1);
      const key = [link?.from, link?.to, question.from.site.name, question.to.site.name].join(' ');
      const rank = seen.get(key) ?? 0;
      seen.set(key, rank + 1);
      return { question, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ question }) => question);
}
