import type { Pair } from './measured-pairs.js';

/**
 * Pairs in rounds whose members do not disturb each other: nobody sends to or receives from two at a time, and no two
 * send to each other, since one's acknowledgements would take the other's bandwidth.
 */
export function roundsOf(pairs: readonly Pair[]): Pair[][] {
  const rounds: Pair[][] = [];
  for (const pair of pairs) {
    const free = rounds.find((round) => round.every((other) => !disturb(pair, other)));
    if (free === undefined) rounds.push([pair]);
    else free.push(pair);
  }
  return rounds;
}

function disturb([from, to]: Pair, [otherFrom, otherTo]: Pair): boolean {
  return from === otherFrom || to === otherTo || (from === otherTo && to === otherFrom);
}
