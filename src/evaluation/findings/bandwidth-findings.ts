import { mean } from '../../statistics/summary.js';
import { groupBy } from '../../group-by.js';
import { isStalled } from '../disturbance.js';
import { PLACEMENTS, PROTOCOLS, type Placement, type Protocol } from '../experiments.js';
import { samplesOf, type Sample } from '../sample.js';
import { burstOf, GOODPUT, mostBurst } from '../theory.js';
import { boundOf, type Bound } from './bound.js';
import { errorText, rateText } from './quantity-text.js';
import { repeated, type Repeated } from './repeated.js';

/** What a link of a rate carried. */
export interface ThroughputRow {
  readonly placement: Placement;
  readonly protocol: Protocol;
  /** Configured, bits per second. */
  readonly rate: number;
  /** The data that full frames can carry, bits per second. */
  readonly ideal: number;
  readonly measured: Repeated;
  /** As a share of the ideal. */
  readonly error: number;
}

export interface BurstRow {
  readonly placement: Placement;
  readonly rate: number;
  /** Octets: what may pass at once, and the most of all repetitions that did. */
  readonly most: number;
  readonly bursts: readonly number[];
}

/** From this rate on goodput is held to the tighter bound. */
const EXACT_FROM = 1e6;
const MOST_ERROR = { exact: 0.005, slow: 0.015 };

export function throughputRows(samples: readonly Sample[]): ThroughputRow[] {
  const groups = [
    ...groupBy(samplesOf(samples, 'throughput'), ({ placement, protocol, rate }) =>
      [placement, protocol, rate].join(' '),
    ).values(),
  ];
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { placement, protocol, rate } = first;
    const ideal = rate * GOODPUT[protocol];
    const measured = repeated(
      group.map(({ seconds, standstills }) => ({
        value: mean(seconds),
        disturbed: isStalled(standstills, rate),
      })),
    );
    return [{ placement, protocol, rate, ideal, measured, error: measured.judged / ideal - 1 }];
  });
}

export function burstRows(samples: readonly Sample[]): BurstRow[] {
  const groups = [
    ...groupBy(samplesOf(samples, 'burst'), ({ placement, rate }) => `${placement} ${String(rate)}`).values(),
  ];
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { placement, rate } = first;
    const bursts = group.map(({ arrivals, frame }) => burstOf(arrivals, frame, rate));
    return [{ placement, rate, most: mostBurst(rate), bursts }];
  });
}

export function bandwidthBounds(samples: readonly Sample[]): Bound[] {
  const rows = throughputRows(samples);
  const goodput = PROTOCOLS.flatMap((protocol) =>
    PLACEMENTS.flatMap((placement) => {
      const own = rows.filter((row) => row.protocol === protocol && row.placement === placement);
      const what = `${protocol.toUpperCase()} data, ${placement}`;
      return [
        ...errorBound(
          `${what}, from 1 Mbit/s: within 0.5 % of theory`,
          own.filter(({ rate }) => rate >= EXACT_FROM),
          MOST_ERROR.exact,
        ),
        ...errorBound(
          `${what}, below 1 Mbit/s: within 1.5 % of theory`,
          own.filter(({ rate }) => rate < EXACT_FROM),
          MOST_ERROR.slow,
        ),
      ];
    }),
  );
  const bursts = boundOf(
    'bandwidth',
    'No burst above four frames, or two milliseconds of the rate',
    burstRows(samples),
    ({ bursts: all, most }) => Math.max(...all) / most,
    ({ bursts: all, most, rate, placement }) =>
      `${Math.max(...all).toFixed(0)} of ${most.toFixed(0)} octets at ${rateText(rate)}, ${placement}`,
  );
  return [...goodput, ...bursts];
}

function errorBound(claim: string, rows: readonly ThroughputRow[], most: number): Bound[] {
  return boundOf(
    'bandwidth',
    claim,
    rows,
    ({ error }) => Math.abs(error) / most,
    ({ error, rate }) => `${errorText(error)} at ${rateText(rate)}`,
  );
}
