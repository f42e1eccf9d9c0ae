import {
  criticalDistance,
  distance,
  empirical,
  even,
  type Cumulative,
} from '../../statistics/distribution.js';
import { mean, median, standardDeviation } from '../../statistics/summary.js';
import { groupBy } from '../../group-by.js';
import type { Distribution } from '../experiments.js';
import { samplesOf, type Sample } from '../sample.js';
import { boundOf, type Bound } from './bound.js';

/** How delays of a distribution were distributed, in microseconds. */
export interface JitterRow {
  readonly distribution: Distribution;
  readonly latency: number;
  readonly jitter: number;
  /** Of all repetitions. */
  readonly delays: readonly number[];
  readonly lost: number;
  readonly mean: number;
  readonly deviation: number;
  readonly promised: Promised;
  /** Of each repetition from what is promised (Kolmogorov-Smirnov), and what one in a thousand exceeds by chance. */
  readonly distances: readonly number[];
  readonly critical: number;
}

/** What NetEm makes of a latency and a jitter. */
export interface Promised {
  readonly cumulative: Cumulative;
  readonly mean: number;
  readonly deviation: number;
}

export function jitterRows(samples: readonly Sample[]): JitterRow[] {
  const tables = new Map(
    samplesOf(samples, 'table').map(({ distribution, values }) => [distribution, values]),
  );
  return [...groupBy(samplesOf(samples, 'delays'), ({ distribution }) => distribution).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { distribution, latency, jitter } = first;
      const promised = promisedBy(distribution, latency, jitter, tables.get(distribution));
      if (promised === undefined) return [];
      const delays = group.flatMap((sample) => sample.delays);
      return [
        {
          ...{ distribution, latency, jitter, delays, promised },
          lost: group.reduce((sum, sample) => sum + sample.sent - sample.delays.length, 0),
          mean: mean(delays),
          deviation: standardDeviation(delays),
          distances: group.map((sample) => distance(sample.delays, promised.cumulative)),
          critical: Math.max(...group.map((sample) => criticalDistance(sample.delays.length))),
        },
      ];
    },
  );
}

/** tc-netem(8): without a distribution evenly over the jitter to either side, else by its table. */
function promisedBy(
  distribution: Distribution,
  latency: number,
  jitter: number,
  table: readonly number[] | undefined,
): Promised | undefined {
  if (distribution === 'uniform') {
    return {
      cumulative: even(latency - jitter, latency + jitter),
      mean: latency,
      deviation: jitter / Math.sqrt(3),
    };
  }
  if (table === undefined) return undefined;
  const values = table.map((value) => latency + jitter * value);
  return { cumulative: empirical(values), mean: mean(values), deviation: standardDeviation(values) };
}

export function jitterBounds(samples: readonly Sample[]): Bound[] {
  return boundOf(
    'jitter',
    'Delays are distributed as NetEm promises (Kolmogorov-Smirnov, one in a thousand)',
    jitterRows(samples),
    ({ distances, critical }) => median(distances) / critical,
    ({ distribution, distances, critical }) =>
      `distance ${median(distances).toFixed(4)} of ${critical.toFixed(4)}, ${distribution}`,
  );
}
