import { rejectionsOf, throwTogether } from '../../errors.js';
import { Interruption } from './interruption.js';

/**
 * Does the work on all at the same time, to the end on each.
 *
 * @throws Interruption if that ended it anywhere; else ApplyError with all failures
 */
export async function onAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures = rejectionsOf(await Promise.allSettled(items.map(work)));
  const interruption = failures.find((failure) => failure instanceof Interruption);
  if (interruption !== undefined) throw interruption;
  throwTogether(failures, 'nothing was applied: no host was changed');
}
