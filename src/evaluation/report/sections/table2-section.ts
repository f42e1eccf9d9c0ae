import { PAPER_TABLE2, table2Rows, type Table2Row } from '../../findings/table2-findings.js';
import { rateText } from '../../findings/quantity-text.js';
import type { Results } from '../../results.js';
import { barChart } from '../charts/bar-chart.js';
import { COLOURS } from '../charts/chart.js';
import { html, table, type Html } from '../../../html/html.js';
import { failureNotice, type Section } from './section.js';

const TASKS = 20;

export function table2Section(results: Results): Section {
  const rows = table2Rows(results.samples);
  return {
    experiment: 'table2',
    title: 'Twenty tasks of a grid (Table 2)',
    body: html`${failureNotice(results, 'table2')}
      <p>
        The grid of the paper: 32 machines in three sites on four hosts, links between the proxies alone. A
        user's machine in site 1 sends a file of 1,000,000 octets to a node of site 2 or 3 in turn and gets it
        back, through a relay on each site's proxy, one task after the other; the next begins when the file is
        back. Theory is the time of the data on one link: octets × 8 / (rate × 95.64 %), for each file and
        each way.
      </p>
      <p class="paper">
        <b>The paper</b> gives the time needed to send and to receive 1 MB twenty times. Its times at 1 Mbit/s
        are shorter than one such link allows (167.3 s): its grid scheduler must have used several links at
        once, or a burst of its TBF helped. At 100 Mbit/s its Fast Ethernet, Xen and the disks took more than
        the links.
      </p>
      ${rows.length === 0 ? html`` : html`${chart(rows)}${rowsTable(rows)}`}`,
  };
}

function chart(rows: readonly Table2Row[]): Html {
  const bars = rows.flatMap((row) =>
    (['sending', 'receiving'] as const).map((way) => ({
      name: `${rateText(row.rate)}\n${way}`,
      // A task, since a sample may have fewer.
      measured: row[way] / row.tasks / 1000,
      ideal: row.ideal / row.tasks / 1000,
      paper: row.paper === undefined ? undefined : row.paper[way] / TASKS / 1000,
    })),
  );
  return barChart({
    caption: 'Seconds a task, there and back: theory, measured, and the paper. The axis is logarithmic.',
    categories: bars.map(({ name }) => name),
    x: '',
    y: { name: 'seconds a task', log: true },
    groups: [
      { name: 'theory', colour: COLOURS.theory, values: bars.map(({ ideal }) => ideal) },
      { name: 'measured', colour: COLOURS.local, values: bars.map(({ measured }) => measured) },
      { name: 'the paper', colour: COLOURS.remote, values: bars.map(({ paper }) => paper) },
    ],
  });
}

function rowsTable(rows: readonly Table2Row[]): Html {
  const ms = (value: number): string => value.toFixed(0);
  return table([
    [
      'links',
      'tasks',
      'way',
      'theory, ms',
      'measured, ms',
      'above theory',
      `the paper (${String(TASKS)} tasks), ms`,
    ],
    ...rows.flatMap((row) =>
      (['sending', 'receiving'] as const).map((way) => [
        ...[rateText(row.rate), String(row.tasks), way, ms(row.ideal), ms(row[way])],
        `${((row[way] / row.ideal - 1) * 100).toFixed(1)} %`,
        row.paper === undefined ? '' : ms(PAPER_TABLE2[row.rate]?.[way] ?? NaN),
      ]),
    ),
  ]);
}
