import type { Configuration } from '../../mib/configuration.js';
import {
  LONGEST_JITTER,
  LONGEST_LATENCY,
  profileTable,
  SHORTEST_JITTER,
  SMALLEST_BURST,
  type ProfileRow,
} from '../../mib/profile-table.js';
import { highestCorrelation } from '../../units/gilbert.js';
import { problem, type Problem } from './problem.js';

type Column = keyof typeof profileTable.columns;

/** A value that the kernel would not take as it is. */
interface Rule {
  readonly column: Column;
  readonly isBroken: (row: ProfileRow) => boolean;
  readonly words: string;
}

const RULES: readonly Rule[] = [
  {
    column: 'latency',
    isBroken: ({ latency }) => latency > LONGEST_LATENCY,
    words: 'the latency is longer than 274 s; the nearest that tc takes is 274s',
  },
  {
    column: 'jitter',
    isBroken: ({ jitter }) => jitter > LONGEST_JITTER,
    words: `the jitter is longer than what netem takes; the nearest is ${String(LONGEST_JITTER)}us`,
  },
  {
    column: 'jitter',
    isBroken: ({ jitter }) => jitter > 0 && jitter < SHORTEST_JITTER,
    words: 'tc does not show a jitter of 1us, so that it could not be looked after; the nearest is 2us',
  },
  {
    column: 'jitter',
    isBroken: ({ jitter, latency }) => jitter > latency,
    words: 'the jitter is more than the latency',
  },
  {
    column: 'burst',
    isBroken: ({ burst }) => burst > 0 && burst < SMALLEST_BURST,
    words: `the burst is less than a frame, so that no full one would pass; the nearest is ${String(SMALLEST_BURST)}B`,
  },
  {
    column: 'queue',
    isBroken: ({ queue, queueOctets, queuePackets }) =>
      [queue, queueOctets, queuePackets].filter((length) => length > 0).length > 1,
    words: 'the queue is given in more than one way',
  },
  {
    column: 'loss',
    isBroken: ({ lossModel, loss }) => lossModel === 'gemodel' && loss !== 0,
    words: 'there are two models of loss; set loss to 0 or lossModel to random',
  },
  {
    column: 'lossCorrelation',
    isBroken: ({ loss, lossCorrelation }) => loss > 0 && lossCorrelation > highestCorrelation(loss),
    words: 'the loss cannot be as correlated as that; the nearest is lower, 999000 at most',
  },
  {
    column: 'reorder',
    isBroken: ({ reorder, latency }) => reorder > 0 && latency === 0,
    words: 'reorder needs a latency that others have',
  },
  {
    column: 'reorderGap',
    isBroken: ({ reorder, reorderGap }) => reorderGap > 0 && reorder === 0,
    words: 'reorderGap needs reorder',
  },
];

/** What is wrong with profiles by themselves. */
export function checkProfiles(configuration: Configuration): Problem[] {
  return configuration
    .rows(profileTable)
    .flatMap((row) =>
      RULES.filter(({ isBroken }) => isBroken(row)).map(({ column, words }) =>
        problem(
          profileTable,
          row,
          profileTable.columns[column].id,
          'badValue',
          `profile ${titleOf(row)}: ${words}`,
        ),
      ),
    );
}

function titleOf(row: ProfileRow): string {
  return row.name === '' ? String(row.index) : `"${row.name}"`;
}

/** Whether a profile delays, loses or changes packets, which happens where they are received. */
export function doesMoreThanLimit(row: ProfileRow): boolean {
  const { latency, jitter, loss, lossModel, duplicate, reorder, corrupt, state } = row;
  return (
    [latency, jitter, loss, duplicate, reorder, corrupt].some((value) => value !== 0) ||
    lossModel !== 'random' ||
    state !== 'up'
  );
}
