import { rejectionsOf, throwIfAny } from '../../errors.js';

/** Does the work on all at the same time, to the end on each, and then throws all failures together. */
export async function onAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  throwIfAny(rejectionsOf(await Promise.allSettled(items.map(work))), 'nothing was applied');
}
