import { lossFindings, type BurstLossFinding } from '../../findings/loss-findings.js';
import { percentText } from '../../findings/quantity-text.js';
import type { Results } from '../../results.js';
import { mean } from '../../../statistics/summary.js';
import { barChart } from '../charts/bar-chart.js';
import { COLOURS } from '../charts/chart.js';
import { html, table, type Html } from '../../../html/html.js';
import { failureNotice, type Section } from './section.js';

/** Lengths of bursts that the chart shows. */
const LENGTHS = 16;

export function lossSection(results: Results): Section {
  const { random, bursts } = lossFindings(results.samples);
  const rows = [
    ...(random === undefined
      ? []
      : [
          [
            ...[
              'random, under TCP',
              String(random.packets),
              percentText(random.lost),
              percentText(random.asked),
            ],
            `± ${percentText(random.tolerance)}`,
          ],
        ]),
    ...(bursts === undefined
      ? []
      : [
          [
            ...['in bursts', String(bursts.sent), percentText(bursts.lost), percentText(bursts.expected)],
            `± ${percentText(bursts.tolerance)}`,
          ],
        ]),
  ];
  return {
    experiment: 'loss',
    title: 'Loss',
    body: html`${failureNotice(results, 'loss')}
      <p>
        Random loss is counted at NetEm while TCP fills a link of 100 Mbit/s, where the kernel has its packets
        in super-packets; loss in bursts (Gilbert-Elliott) by the numbers of datagrams that are missing.
        Allowed are three standard deviations.
      </p>
      ${rows.length === 0 ? html`` : table([['loss', 'packets', 'lost', 'asked', 'allowed'], ...rows])}
      ${
        random === undefined
          ? html``
          : html`<p>
              NetEm saw ${random.packetsASegment.toFixed(3)} packets for each segment that TCP sent, and the
              flow had ${(random.goodput / 1e6).toFixed(2)} Mbit/s of data.
            </p>`
      }
      ${bursts === undefined || bursts.lengths.length === 0 ? html`` : chart(bursts)}`,
  };
}

function chart({ lengths, r, expectedLength }: BurstLossFinding): Html {
  const all = Array.from({ length: LENGTHS }, (_, i) => i + 1);
  return barChart({
    caption: `How many datagrams in a row were lost, in ${String(lengths.length)} bursts: ${mean(lengths).toFixed(2)} on average, ${expectedLength.toFixed(2)} expected.`,
    categories: all.map(String),
    x: 'datagrams in a row',
    y: { name: 'share of bursts' },
    groups: [
      {
        ...{ name: 'expected', colour: COLOURS.theory },
        // Geometric: a burst goes on with probability 1 - r.
        values: all.map((length) => r * (1 - r) ** (length - 1)),
      },
      {
        ...{ name: 'measured', colour: COLOURS.local },
        values: all.map((length) => lengths.filter((one) => one === length).length / lengths.length),
      },
    ],
  });
}
