import { PhysicalPaths } from '../feasibility/physical-paths.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { WantedNetwork } from '../merge/wanted-network.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { delayQuestions, judgeDelays } from './delay.js';
import { NO_RESULT, type EchoResult, type Failed, type Prober } from '../probe/prober.js';
import { judgeRate, rateQuestions, STREAM_DURATION } from './rate.js';
import { answeringOf, judgeReach, reachQuestions, type ReachFinding, type ReachQuestion } from './reach.js';
import { mostTellingFirst, roundsOf } from './rounds.js';
import type { Measurement } from './verdict.js';

/** Milliseconds around a stream: two processes start, and agree with each other. */
const STREAM_SETUP = 3000;

export interface VerifySettings {
  /** Seconds that all of it may take; streams are left out for which no time is left. Undefined: as long as it takes. */
  readonly budget: number | undefined;
  /** Ends it; what agents were asked for is taken back before. */
  readonly signal: AbortSignal | undefined;
  /** Hears what is about to be done. */
  readonly onStage: (stage: string) => void;
}

/** What was measured of a network. */
export interface NetworkReport {
  /** How many ways should be answered and how many not, and those on which it is otherwise. */
  readonly reach: {
    readonly answers: number;
    readonly silences: number;
    readonly questions: readonly ReachQuestion[];
    readonly findings: readonly ReachFinding[];
  };
  readonly measurements: readonly Measurement[];
  /** Bandwidths that there was no time for. */
  readonly leftOut: number;
  /** Rules of the file for TCP or UDP, which echo requests say nothing of. */
  readonly untriedRules: number;
}

/** Measures what runs against what the files want: who reaches whom, latency and loss, then bandwidth. */
export async function verifyNetwork(
  real: RealEnvironment,
  virtual: VirtualEnvironment,
  prober: Prober,
  { budget, onStage }: VerifySettings,
): Promise<NetworkReport> {
  const end = budget === undefined ? Infinity : performance.now() + budget * 1000;
  const network = new WantedNetwork(real, virtual);

  const reach = reachQuestions(network);
  onStage(`who reaches whom: ${String(reach.length)} ways`);
  const reached = await reachResults(reach, prober);

  const delays = delayQuestions(network);
  onStage(`latency and loss: ${String(delays.length)} pairs`);
  const delayed = await prober.echo(delays.map(({ request }) => request));

  const rates = mostTellingFirst(rateQuestions(network));
  const measured: Measurement[] = [];
  const rounds = roundsOf(rates, new PhysicalPaths(real));
  for (const [i, round] of rounds.entries()) {
    if (performance.now() + STREAM_DURATION + STREAM_SETUP > end) break;
    onStage(
      `bandwidth: ${String(round.length)} links at once, round ${String(i + 1)} of ${String(rounds.length)}`,
    );
    const streamed = await prober.stream(round.map(({ request }) => request));
    measured.push(...round.map((question, j) => judgeRate(question, streamed[j] ?? NO_RESULT)));
  }
  return {
    reach: {
      answers: reach.filter(({ expected }) => expected === 'answer').length,
      silences: reach.filter(({ expected }) => expected === 'silence').length,
      ...{ questions: reach, findings: judgeReach(reach, reached) },
    },
    measurements: [...judgeDelays(delays, delayed, baseOf(reach, reached)), ...measured],
    leftOut: rates.length - measured.length,
    untriedRules: untriedRules(virtual),
  };
}

/**
 * The results in the order of the questions. What is closed comes after what is open: that those who should not be reached
 * answer whom they have no route to would hide that a route is missing.
 */
async function reachResults(
  questions: readonly ReachQuestion[],
  prober: Prober,
): Promise<(EchoResult | Failed)[]> {
  const results = new Map<ReachQuestion, EchoResult | Failed>();
  const ask = async (own: readonly ReachQuestion[], answering: readonly PlacedNode[] = []): Promise<void> => {
    const found = await prober.echo(
      own.map(({ request }) => request),
      answering,
    );
    own.forEach((question, i) => results.set(question, found[i] ?? NO_RESULT));
  };
  const isSilent = (question: ReachQuestion): boolean => {
    const result = results.get(question);
    return result !== undefined && !('failure' in result) && result.received === 0;
  };
  const open = questions.filter(({ expected }) => expected === 'answer');
  await ask(open);
  // While all machines ask at once, one of a busy host may answer too late.
  const silent = open.filter(isSilent);
  if (silent.length > 0) await ask(silent);
  const closed = questions.filter(({ expected }) => expected === 'silence');
  await ask(closed, answeringOf(closed));
  return questions.map((question) => results.get(question) ?? NO_RESULT);
}

const untriedRules = ({ rules }: VirtualEnvironment): number =>
  rules.filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp').length;

/** Of a network of which nothing was measured. */
export function nothingMeasured(virtual: VirtualEnvironment): NetworkReport {
  return {
    reach: { answers: 0, silences: 0, questions: [], findings: [] },
    ...{ measurements: [], leftOut: 0, untriedRules: untriedRules(virtual) },
  };
}

/** What round trips between two hosts take where no latency is asked; undefined where there is no such pair. */
function baseOf(
  questions: readonly ReachQuestion[],
  results: readonly (EchoResult | Failed)[],
): (from: PlacedNode, to: PlacedNode) => number | undefined {
  const shortest = new Map<string, number>();
  questions.forEach(({ from, to, delay }, i) => {
    const result = results[i];
    if (delay > 0 || result === undefined || 'failure' in result || result.received === 0) return;
    const key = hostsOf(from, to);
    shortest.set(key, Math.min(shortest.get(key) ?? Infinity, result.rttMin));
  });
  return (from, to) => shortest.get(hostsOf(from, to));
}

const hostsOf = (a: PlacedNode, b: PlacedNode): string => [a.host.name, b.host.name].sort().join('\n');
