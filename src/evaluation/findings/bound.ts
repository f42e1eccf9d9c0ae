import type { Experiment } from '../experiments.js';

/** What was to hold, and whether it did. */
export interface Bound {
  readonly experiment: Experiment;
  /** In words, with the figure. */
  readonly claim: string;
  /** The worst that was measured, and where. */
  readonly worst: string;
  readonly held: boolean;
  /** How many measured values it was held against. */
  readonly of: number;
}

/**
 * Holds a bound against values. Of no values there is no bound.
 *
 * @param badness how bad a value is; up to 1 it holds
 */
export function boundOf<T>(
  experiment: Experiment,
  claim: string,
  values: readonly T[],
  badness: (value: T) => number,
  text: (value: T) => string,
): Bound[] {
  const [first, ...others] = values;
  if (first === undefined) return [];
  const worst = others.reduce((most, value) => (badness(value) > badness(most) ? value : most), first);
  // A value that is no number holds nothing.
  const held = values.every((value) => badness(value) <= 1);
  return [{ experiment, claim, worst: text(worst), held, of: values.length }];
}
