import type { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { burstOf, latencyOf, linkOf, lossOf, type Leg, type WantedNetwork } from '../merge/wanted-network.js';
import { SMALL, timeoutOf } from '../probe/echo-parameters.js';
import { firstOfEach } from './reach.js';
import { NO_RESULT, type EchoRequest, type EchoResult, type Failed } from '../probe/prober.js';
import { verdictOf, type Measurement } from './verdict.js';

const PACKETS = { usual: 10, lossy: 200 } as const;
/** Milliseconds. */
const INTERVAL = { usual: 100, lossy: 20 } as const;
/** Microseconds that the kernels and machines on the way may add to a round trip, and the share of it. */
const EXTRA = { fixed: 2000, share: 0.02 } as const;
/** Microseconds: clocks tick in steps, and NetEm in 64 nanoseconds. */
const SHORT = 100;
/** Standard deviations: chance is beyond them once in 30,000 times. */
const DEVIATIONS = 4;

/** A round trip of which latency or loss is asked. */
export interface DelayQuestion {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly legs: readonly Leg[];
  readonly request: EchoRequest;
}

/** One for each pair of nodes that reach each other with something asked between them, once for both directions. */
export function delayQuestions(network: WantedNetwork): DelayQuestion[] {
  const { nodes } = network;
  return nodes.flatMap((first, i) =>
    nodes.slice(i + 1).flatMap((second): DelayQuestion[] => {
      const passes = (one: PlacedNode, other: PlacedNode): boolean =>
        one.node.vm !== other.node.vm && network.decide(one, other, { protocol: 'icmp' }).passes;
      // Whoever may ask: the answer passes.
      const ends = passes(first, second) ? [first, second] : passes(second, first) ? [second, first] : [];
      const [from, to] = ends;
      if (from === undefined || to === undefined) return [];
      const legs = [...network.legs(from, to), ...network.legs(to, from)];
      const lost = lossOf(legs);
      if ((latencyOf(legs).microseconds === 0 && lost === 0) || lost === 1) return [];
      const target = firstOfEach(from, to)[0];
      return target === undefined ? [] : [{ from, to, legs, request: requestOf(from, target, legs) }];
    }),
  );
}

function requestOf(from: PlacedNode, target: IpAddress, legs: readonly Leg[]): EchoRequest {
  const kind = lossOf(legs) > 0 ? 'lossy' : 'usual';
  const longest = latencyOf(legs).microseconds + jitterOf(legs) * DEVIATIONS;
  // A packet that waits for the one before it has more than its own jitter.
  const interval = Math.max(INTERVAL[kind], Math.ceil((2 * jitterOf(legs)) / 10_000) * 10);
  return {
    ...{ from, target, onLink: false, count: PACKETS[kind], interval },
    ...{ timeout: timeoutOf(longest), size: SMALL },
  };
}

/** Of jitters that do not depend on each other, in microseconds. */
function jitterOf(legs: readonly Leg[]): number {
  return Math.hypot(...legs.map(({ parameters }) => parameters.jitter?.microseconds ?? 0));
}

/** What each round trip says of latency and of loss. @param baseOf what a round trip takes anyway, in microseconds */
export function judgeDelays(
  questions: readonly DelayQuestion[],
  results: readonly (EchoResult | Failed)[],
  baseOf: (from: PlacedNode, to: PlacedNode) => number | undefined,
): Measurement[] {
  return questions.flatMap((question, i) => {
    const result = results[i] ?? NO_RESULT;
    const { from, to, legs } = question;
    const of = { from, to, link: linkOf(legs) };
    return [latency(of, legs, result, baseOf(from, to)), ...loss(of, legs, result)];
  });
}

type Of = Pick<Measurement, 'from' | 'to' | 'link'>;

/**
 * Without jitter the shortest round trip tells the delay: what is longer has waited for something else. With jitter it is the
 * mean, which chance moves by the deviation over the root of the count.
 */
function latency(
  of: Of,
  legs: readonly Leg[],
  result: EchoResult | Failed,
  base: number | undefined,
): Measurement {
  const asked = latencyOf(legs).microseconds;
  const jitter = jitterOf(legs);
  const packets = 'failure' in result ? 0 : result.received;
  const chance = packets === 0 ? 0 : (DEVIATIONS * jitter) / Math.sqrt(packets);
  const tolerance = {
    // Some go ahead without the latency.
    below: legs.some(({ parameters }) => parameters.reorder !== undefined) ? asked : SHORT + chance,
    above: (base ?? 0) + EXTRA.fixed + asked * EXTRA.share + chance,
  };
  const known = {
    quantity: 'latency' as const,
    ...of,
    asked,
    tolerance,
    ...(base !== undefined && { base }),
  };
  if ('failure' in result) {
    return { ...known, measured: undefined, verdict: 'unknown', note: result.failure };
  }
  if (packets === 0) {
    const note = `none of ${String(result.sent)} was answered`;
    return { ...known, measured: undefined, verdict: 'off', note };
  }
  const measured = jitter > 0 ? result.rttAvg : result.rttMin;
  return { ...known, measured, verdict: verdictOf(asked, measured, tolerance) };
}

/** Of so many packets, chance loses the share that is asked give or take a deviation of the binomial distribution. */
function loss(of: Of, legs: readonly Leg[], result: EchoResult | Failed): Measurement[] {
  const asked = lossOf(legs);
  if ('failure' in result || result.received === 0) return [];
  const measured = 1 - result.received / result.sent;
  // Bursts are long: fewer of them stand for as many packets.
  const burst = burstOf(legs);
  const deviation = Math.sqrt((asked * (1 - asked) * (2 * burst - 1)) / result.sent);
  // One packet may be lost for want of room where a machine stands still.
  const off = DEVIATIONS * deviation + 1 / result.sent;
  const tolerance = { below: off, above: off };
  if (asked === 0 && verdictOf(asked, measured, tolerance) === 'holds') return [];
  return [
    { quantity: 'loss', ...of, asked, measured, tolerance, verdict: verdictOf(asked, measured, tolerance) },
  ];
}
