import { isStalled } from '../../disturbance.js';
import { PLACEMENTS, PROTOCOLS, type Placement, type Protocol } from '../../experiments.js';
import { burstRows, throughputRows, type ThroughputRow } from '../../findings/bandwidth-findings.js';
import { errorText, percentText, rateText } from '../../findings/quantity-text.js';
import type { Results } from '../../results.js';
import { samplesOf, type Sample } from '../../sample.js';
import { DATA, FRAME, GOODPUT } from '../../theory.js';
import { COLOURS } from '../charts/chart.js';
import { boundLines, xyChart, type Marks } from '../charts/xy-chart.js';
import { html, table, type Html } from '../../../html/html.js';
import { failureNotice, withInterval, type Section } from './section.js';

const MBIT = 1e6;

export function bandwidthSection(results: Results): Section {
  const { samples } = results;
  const rows = throughputRows(samples);
  return {
    experiment: 'bandwidth',
    title: 'Bandwidth (Figure 5)',
    body: html`${failureNotice(results, 'bandwidth')}
      <p>
        A link of each rate between two machines of one host (local) and of two hosts (remote), filled by
        iperf3. Measured is the data that the receiver counts in its full seconds, without the first two and
        the last two. Theory: a full frame has ${String(FRAME)} octets as tc counts them (1500 and 14 of
        Ethernet), of which TCP with time stamps fills 1500 − 20 − 20 − 12 = ${String(DATA.tcp)} and UDP 1500
        − 20 − 8 = ${String(DATA.udp)}: ${percentText(GOODPUT.tcp)} and ${percentText(GOODPUT.udp)} of the
        rate are data.
      </p>
      <p class="paper">
        <b>The paper</b> copied 300 MB with scp and draws configured against measured bandwidth. It says that
        the proportionality grows with the bandwidth, locally and remotely; it gives no figures.
      </p>
      ${rows.length === 0 ? html`` : html`${PROTOCOLS.map((protocol) => chartsOf(rows, protocol))}${rowsTable(rows)}${disturbances(samples)}`}
      ${burstTable(samples)}`,
  };
}

function chartsOf(rows: readonly ThroughputRow[], protocol: Protocol): Html {
  const own = rows.filter((row) => row.protocol === protocol);
  if (own.length === 0) return html``;
  const name = protocol.toUpperCase();
  const rates = [...new Set(own.map(({ rate }) => rate))].sort((a, b) => a - b);
  const marksOf = (
    y: (row: ThroughputRow, value: number) => number,
    half: (row: ThroughputRow) => number,
  ): Marks[] =>
    PLACEMENTS.map((placement) => {
      const placed = own.filter((row) => row.placement === placement);
      return {
        ...styleOf(placement),
        repetitions: placed.flatMap((row) =>
          row.measured.repetitions.map(
            ({ value }) => [beside(row.rate / MBIT, placement), y(row, value)] as const,
          ),
        ),
        means: placed.map((row) => {
          const { mean, halfWidth } = row.measured;
          const x = beside(row.rate / MBIT, placement);
          return [x, y(row, mean), halfWidth === undefined ? undefined : half(row) * halfWidth] as const;
        }),
      };
    });
  const x = { name: 'configured, Mbit/s', log: true };
  return html`${xyChart({
    caption: `${name}: configured rate and measured data, with theory. Small marks are repetitions; bars are 95 % confidence intervals.`,
    x,
    y: { name: 'data, Mbit/s', log: true },
    lines: [
      {
        ...{ name: 'theory', colour: COLOURS.theory },
        points: rates.map((rate) => [rate / MBIT, (rate * GOODPUT[protocol]) / MBIT] as const),
      },
    ],
    marks: marksOf(
      (_row, value) => value / MBIT,
      () => 1 / MBIT,
    ),
  })}${xyChart({
    caption: `${name}: how far the data is from theory, in percent of it, and the bound.`,
    x,
    y: { name: 'error, %' },
    lines: boundLines(
      'bound',
      rates.map((rate) => [rate / MBIT, rate < MBIT ? 1.5 : 0.5] as const),
    ),
    marks: marksOf(
      (row, value) => (value / row.ideal - 1) * 100,
      (row) => 100 / row.ideal,
    ),
  })}`;
}

/** Marks of both placements stand beside each other, not on each other: on an axis of logarithms by a factor. */
export function beside(x: number, placement: Placement): number {
  return placement === 'local' ? x / 1.06 : x * 1.06;
}

/** A placement is told by colour and by form. */
export function styleOf(placement: Placement): Pick<Marks, 'name' | 'colour' | 'symbol'> {
  return {
    name: placement,
    colour: COLOURS[placement],
    symbol: placement === 'local' ? 'circle' : 'triangle',
  };
}

function rowsTable(rows: readonly ThroughputRow[]): Html {
  return table([
    ['configured', '', '', 'theory, Mbit/s', 'measured, Mbit/s (95 %)', 'error of the median', 'repetitions'],
    ...rows.map(({ rate, protocol, placement, ideal, measured, error }) => [
      ...[rateText(rate), protocol.toUpperCase(), placement, (ideal / MBIT).toFixed(4)],
      withInterval({ mean: measured.mean / MBIT, halfWidth: scaled(measured.halfWidth) }, 4),
      ...[errorText(error), `${String(measured.counted)} of ${String(measured.repetitions.length)}`],
    ]),
  ]);
}

function scaled(halfWidth: number | undefined): number | undefined {
  return halfWidth === undefined ? undefined : halfWidth / MBIT;
}

function disturbances(samples: readonly Sample[]): Html {
  const all = samplesOf(samples, 'throughput');
  const stalled = all.filter(({ standstills, rate }) => isStalled(standstills, rate)).length;
  return html`<p>
    In ${String(stalled)} of ${String(all.length)} measurements the lab's kernel woke a program of the highest
    priority so late that the link missed more than 0.1 % of its rate: what it does not send then, it cannot
    make good beyond its burst. These are in the plots and in the files; they count only where all repetitions
    were such.
  </p>`;
}

function burstTable(samples: readonly Sample[]): Html {
  const rows = burstRows(samples);
  if (rows.length === 0) return html``;
  return html`<h3>Bursts</h3>
    <p>
      Datagrams of full frames, sent as fast as it goes to a link that was idle. A burst is the most that had
      arrived by a moment, less what the rate lets pass until then. Allowed are four frames, or two
      milliseconds of the rate.
    </p>
    ${table([
      ['configured', '', 'allowed, octets', 'most measured, octets', 'of each repetition'],
      ...rows.map(({ rate, placement, most, bursts }) => [
        ...[rateText(rate), placement, most.toFixed(0), Math.max(...bursts).toFixed(0)],
        bursts.map((burst) => burst.toFixed(0)).join(', '),
      ]),
    ])}`;
}
