/** How busy something is, in as many steps as eyes tell apart. */
export type Load = 'idle' | 'light' | 'busy' | 'heavy' | 'full' | 'open';

/** From this share on, a step; what is measured of a full link is a little below or above its bandwidth. */
export const LOAD_STEPS = { light: 0.01, busy: 0.5, heavy: 0.8, full: 0.95 } as const;

/**
 * The step of a rate.
 *
 * @param utilisation share of the bandwidth; undefined if nothing limits it: then it is `open`, or `idle` where nothing passes
 */
export function loadOf(utilisation: number | undefined, rate: number | undefined): Load {
  if (utilisation === undefined) return rate === undefined || rate < 1 ? 'idle' : 'open';
  if (utilisation >= LOAD_STEPS.full) return 'full';
  if (utilisation >= LOAD_STEPS.heavy) return 'heavy';
  if (utilisation >= LOAD_STEPS.busy) return 'busy';
  return utilisation >= LOAD_STEPS.light ? 'light' : 'idle';
}
