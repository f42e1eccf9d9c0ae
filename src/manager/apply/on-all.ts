import { rejectionsOf, throwTogether } from '../../errors.js';
import { Interruption } from './interruption.js';

/**
 * Does the work on all at the same time, to the end on each.
 *
 * @param conclusion what the failures come to
 * @throws Interruption if that ended it anywhere; else ApplyError with all failures
 */
export async function onAll<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  conclusion = 'nothing was applied: no host was changed',
): Promise<void> {
  const failures = rejectionsOf(await Promise.allSettled(items.map(work)));
  const interruption = failures.find((failure) => failure instanceof Interruption);
  if (interruption !== undefined) throw interruption;
  throwTogether(failures, conclusion);
}
