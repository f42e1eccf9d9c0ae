import { groupBy } from '../../group-by.js';
import { samplesOf, type Sample } from '../sample.js';
import { transferTime } from '../theory.js';
import { boundOf, type Bound } from './bound.js';
import { rateText } from './quantity-text.js';

/** A job of Table 2, in milliseconds. */
export interface Table2Row {
  readonly rate: number;
  readonly tasks: number;
  readonly intact: number;
  readonly sending: number;
  readonly receiving: number;
  /** What the data of all files needs on a link, one way. */
  readonly ideal: number;
  /** What the paper measured for twenty tasks; undefined for other rates. */
  readonly paper: { readonly sending: number; readonly receiving: number } | undefined;
}

/** Table 2 of the paper, in milliseconds. */
export const PAPER_TABLE2: Readonly<
  Record<number, { readonly sending: number; readonly receiving: number }>
> = {
  1e6: { sending: 136_346, receiving: 113_167 },
  100e6: { sending: 5197, receiving: 3463 },
};

/** What a file needs less than theory says because the burst passes at once, and for reading the clock. */
const SLACK = 0.01;

export function table2Rows(samples: readonly Sample[]): Table2Row[] {
  return [...groupBy(samplesOf(samples, 'task'), ({ rate }) => String(rate)).values()].map((tasks) => {
    const rate = tasks[0]?.rate ?? NaN;
    const sum = (of: (task: (typeof tasks)[number]) => number): number =>
      tasks.reduce((total, task) => total + of(task), 0);
    return {
      ...{ rate, tasks: tasks.length, intact: tasks.filter(({ intact }) => intact).length },
      ...{ sending: sum(({ sending }) => sending), receiving: sum(({ receiving }) => receiving) },
      ideal: sum(({ octets }) => transferTime(octets, rate)),
      paper: PAPER_TABLE2[rate],
    };
  });
}

export function table2Bounds(samples: readonly Sample[]): Bound[] {
  const rows = table2Rows(samples);
  return [
    ...boundOf(
      'table2',
      'Every file comes back as it was sent',
      rows,
      ({ tasks, intact }) => (tasks === intact ? 1 : 2),
      ({ tasks, intact, rate }) => `${String(intact)} of ${String(tasks)} at ${rateText(rate)}`,
    ),
    ...boundOf(
      'table2',
      'No file passes faster than its link lets it',
      rows,
      (row) => (row.ideal * (1 - SLACK)) / Math.min(row.sending, row.receiving),
      ({ sending, receiving, ideal, rate }) =>
        `${seconds(Math.min(sending, receiving))} of at least ${seconds(ideal)} at ${rateText(rate)}`,
    ),
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
