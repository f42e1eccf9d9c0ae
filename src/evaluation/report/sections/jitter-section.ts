import { jitterRows, type JitterRow } from '../../findings/jitter-findings.js';
import type { Results } from '../../results.js';
import { COLOURS } from '../charts/chart.js';
import { xyChart } from '../charts/xy-chart.js';
import { html, table, type Html } from '../../../html/html.js';
import { failureNotice, type Section } from './section.js';

const MS = 1000;
/** Points of a curve. */
const STEPS = 160;

export function jitterSection(results: Results): Section {
  const rows = jitterRows(results.samples);
  return {
    experiment: 'jitter',
    title: 'Distributions of jitter',
    body: html`${failureNotice(results, 'jitter')}
      <p>
        What datagrams are delayed on a link with jitter, by a clock that both ends share, less the median of
        what they take without emulation; beside it what NetEm promises: evenly over the jitter to either
        side, or drawn from the table of iproute2 with the jitter as standard deviation. The distance is the
        largest between the two curves (Kolmogorov-Smirnov).
      </p>
      ${rows.map(chart)}
      ${
        rows.length === 0
          ? html``
          : table([
              [
                'distribution',
                'mean, ms',
                'promised',
                'deviation, ms',
                'promised',
                'distance of each repetition',
                'one in a thousand exceeds',
              ],
              ...rows.map((row) => [
                ...[row.distribution, (row.mean / MS).toFixed(2), (row.promised.mean / MS).toFixed(2)],
                ...[(row.deviation / MS).toFixed(2), (row.promised.deviation / MS).toFixed(2)],
                ...[row.distances.map((distance) => distance.toFixed(4)).join(', '), row.critical.toFixed(4)],
              ]),
            ])
      }`,
  };
}

function chart({ distribution, latency, jitter, delays, promised }: JitterRow): Html {
  const sorted = [...delays].sort((a, b) => a - b);
  const stepped = Array.from({ length: STEPS + 1 }, (_, i) => {
    const at = Math.min(sorted.length - 1, Math.round((i / STEPS) * (sorted.length - 1)));
    return [(sorted[at] ?? NaN) / MS, (at + 1) / sorted.length] as const;
  });
  const [from, to] = [latency - 4 * jitter, latency + 5 * jitter];
  const curve = Array.from({ length: STEPS + 1 }, (_, i) => {
    const at = from + (i / STEPS) * (to - from);
    return [at / MS, promised.cumulative(at)] as const;
  });
  return xyChart({
    caption: `${distribution}: the share of ${String(delays.length)} datagrams that took up to so long, and what NetEm promises for ${String(latency / MS)} ms ± ${String(jitter / MS)} ms.`,
    x: { name: 'delay, ms', min: from / MS, max: to / MS },
    y: { name: 'share', min: 0, max: 1 },
    lines: [
      { name: 'promised', colour: COLOURS.theory, points: curve },
      {
        ...{ name: 'measured', colour: COLOURS.local, dashed: true },
        points: stepped.filter(([at]) => at * MS >= from && at * MS <= to),
      },
    ],
  });
}
