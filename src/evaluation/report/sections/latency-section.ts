import { isDisturbed } from '../../disturbance.js';
import { PLACEMENTS } from '../../experiments.js';
import { latencyRows, mostLatencyError, type LatencyRow } from '../../findings/latency-findings.js';
import { latencyText } from '../../findings/quantity-text.js';
import type { Results } from '../../results.js';
import { samplesOf, type Sample } from '../../sample.js';
import { COLOURS } from '../charts/chart.js';
import { boundLines, xyChart, type Marks } from '../charts/xy-chart.js';
import { html, table, type Html } from '../../../html/html.js';
import { beside, styleOf } from './bandwidth-section.js';
import { failureNotice, signed, withInterval, type Section } from './section.js';

const MS = 1000;

export function latencySection(results: Results): Section {
  const { samples } = results;
  const rows = latencyRows(samples);
  return {
    experiment: 'latency',
    title: 'Latency (Figure 6)',
    body: html`${failureNotice(results, 'latency')}
      <p>
        A link of each latency, local and remote, and pings over it: not calibrated, nothing is subtracted.
        Theory is twice the one-way latency.
      </p>
      <p class="paper">
        <b>The paper</b> draws configured against measured latency. It says that low latencies are further
        from what was configured; it gives no figures.
      </p>
      ${rows.length === 0 ? html`` : html`${charts(rows)}${rowsTable(rows)}${disturbances(samples)}`}`,
  };
}

function charts(rows: readonly LatencyRow[]): Html {
  const latencies = [...new Set(rows.map(({ latency }) => latency))].sort((a, b) => a - b);
  const marksOf = (y: (row: LatencyRow, mean: number) => number): Marks[] =>
    PLACEMENTS.map((placement) => {
      const placed = rows.filter((row) => row.placement === placement);
      return {
        ...styleOf(placement),
        repetitions: placed.flatMap((row) =>
          row.means.repetitions.map(
            ({ value }) => [beside(row.latency / MS, placement), y(row, value)] as const,
          ),
        ),
        means: placed.map(
          (row) =>
            [beside(row.latency / MS, placement), y(row, row.means.mean), row.means.halfWidth] as const,
        ),
      };
    });
  const x = { name: 'configured one way, ms', log: true };
  return html`${xyChart({
    caption:
      'Configured one-way latency and measured round trip, with theory. Small marks are repetitions; bars are 95 % confidence intervals.',
    x,
    y: { name: 'round trip, ms', log: true },
    lines: [
      {
        ...{ name: 'theory', colour: COLOURS.theory },
        points: latencies.map((latency) => [latency / MS, (2 * latency) / MS] as const),
      },
    ],
    marks: marksOf((_row, mean) => mean),
  })}${xyChart({
    caption: 'How far the mean round trip is from theory, in milliseconds, and the bound for local machines.',
    x,
    y: { name: 'error, ms' },
    lines: boundLines(
      'bound',
      latencies.map(
        (latency) =>
          [latency / MS, mostLatencyError({ placement: 'local', ideal: (2 * latency) / MS })] as const,
      ),
    ),
    marks: marksOf((row, mean) => mean - row.ideal),
  })}`;
}

function rowsTable(rows: readonly LatencyRow[]): Html {
  return table([
    [
      ...[
        'one way',
        '',
        'theory, ms',
        'measured, ms (95 %)',
        'error of the median',
        'allowed',
        'deviation, ms',
      ],
      ...['control: median, deviation, worst', 'repetitions'],
    ],
    ...rows.map((row) => [
      ...[latencyText(row.latency), row.placement, row.ideal.toFixed(1), withInterval(row.means, 3)],
      ...[signed(row.error, 3), mostLatencyError(row).toFixed(2), row.deviations.judged.toFixed(3)],
      [row.control.median, row.control.deviation, row.control.worst].map((one) => one.toFixed(2)).join(', '),
      `${String(row.means.counted)} of ${String(row.means.repetitions.length)}`,
    ]),
  ]);
}

function disturbances(samples: readonly Sample[]): Html {
  const all = samplesOf(samples, 'round-trips');
  const disturbed = all.filter(({ control }) => isDisturbed(control)).length;
  return html`<p>
    What is the emulator's, and what the machine's? In the same moments two machines with nothing between them
    ping each other every 20 ms. Where one of these control pings came more than 2 ms later than their median,
    the machine was busy elsewhere, and the repetition was made again, up to as often as was asked for; so it
    was in ${String(disturbed)} of ${String(all.length)} cases. Such repetitions are in the plots and in the
    files; they count only where all repetitions were such. What was measured itself never decides whether it
    counts.
  </p>`;
}
