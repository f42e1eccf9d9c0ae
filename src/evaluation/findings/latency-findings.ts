import { median } from '../../statistics/summary.js';
import { groupBy } from '../../group-by.js';
import { isDisturbed } from '../disturbance.js';
import { PLACEMENTS, type Placement } from '../experiments.js';
import { samplesOf, type Sample } from '../sample.js';
import { boundOf, type Bound } from './bound.js';
import { latencyText } from './quantity-text.js';
import { repeated, type Repeated } from './repeated.js';

/** Round-trip times over a link of a latency, in milliseconds. */
export interface LatencyRow {
  readonly placement: Placement;
  /** Configured, microseconds one way. */
  readonly latency: number;
  /** Twice the latency. */
  readonly ideal: number;
  /** The mean of each repetition. */
  readonly means: Repeated;
  readonly error: number;
  /** The standard deviation of each repetition. */
  readonly deviations: Repeated;
  /** Of the control pings, over the repetitions: the median and the worst. */
  readonly control: { readonly median: number; readonly deviation: number; readonly worst: number };
}

/** Milliseconds, and a share of the round trip. */
const MOST_ERROR = { local: 0.3, remote: 0.4, share: 0.001 };
const MOST_DEVIATION = 0.1;

export function latencyRows(samples: readonly Sample[]): LatencyRow[] {
  const groups = [
    ...groupBy(
      samplesOf(samples, 'round-trips'),
      ({ placement, latency }) => `${placement} ${String(latency)}`,
    ).values(),
  ];
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { placement, latency } = first;
    const ideal = (2 * latency) / 1000;
    const over = (value: 'mean' | 'deviation'): Repeated =>
      repeated(group.map((sample) => ({ value: sample[value], disturbed: isDisturbed(sample.control) })));
    const means = over('mean');
    const controls = group.map(({ control }) => control);
    return [
      {
        ...{
          placement,
          latency,
          ideal,
          means,
          error: means.judged - ideal,
          deviations: over('deviation'),
        },
        control: {
          median: median(controls.map((control) => control.median ?? NaN)),
          deviation: median(controls.map(({ deviation }) => deviation ?? NaN)),
          worst: Math.max(...controls.map(({ worst }) => worst ?? NaN)),
        },
      },
    ];
  });
}

/** Milliseconds that a mean round trip may be off. */
export function mostLatencyError({ placement, ideal }: Pick<LatencyRow, 'placement' | 'ideal'>): number {
  return MOST_ERROR[placement] + MOST_ERROR.share * ideal;
}

export function latencyBounds(samples: readonly Sample[]): Bound[] {
  const rows = latencyRows(samples);
  return PLACEMENTS.flatMap((placement) => {
    const own = rows.filter((row) => row.placement === placement);
    return [
      ...boundOf(
        'latency',
        `Mean round trip, ${placement}: off by ${String(MOST_ERROR[placement])} ms + 0.1 % at most`,
        own,
        (row) => Math.abs(row.error) / mostLatencyError(row),
        ({ error, latency }) =>
          `${error < 0 ? '' : '+'}${error.toFixed(3)} ms at ${latencyText(latency)} one way`,
      ),
      ...boundOf(
        'latency',
        `Standard deviation, ${placement}, without jitter: ${String(MOST_DEVIATION)} ms at most`,
        own,
        ({ deviations }) => deviations.judged / MOST_DEVIATION,
        ({ deviations, latency }) => `${deviations.judged.toFixed(3)} ms at ${latencyText(latency)} one way`,
      ),
    ];
  });
}
