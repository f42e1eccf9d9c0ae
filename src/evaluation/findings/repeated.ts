import { confidenceHalfWidth } from '../../statistics/confidence-half-width.js';
import { mean, median } from '../../statistics/summary.js';

/** One repetition's value. */
export interface Repetition {
  readonly value: number;
  /** The machine was disturbed meanwhile, as the control pings say. */
  readonly disturbed: boolean;
}

/** What was measured several times. */
export interface Repeated {
  readonly repetitions: readonly Repetition[];
  /** Of those that count. */
  readonly mean: number;
  /** Of the 95 % confidence interval of the mean; undefined of one repetition. */
  readonly halfWidth: number | undefined;
  /** What is held against bounds: the median of those that count. */
  readonly judged: number;
  /** How many count: the undisturbed ones, or all where all were disturbed. */
  readonly counted: number;
}

export function repeated(repetitions: readonly Repetition[]): Repeated {
  const quiet = repetitions.filter(({ disturbed }) => !disturbed);
  const values = (quiet.length === 0 ? repetitions : quiet).map(({ value }) => value);
  return {
    repetitions,
    mean: mean(values),
    halfWidth: confidenceHalfWidth(values),
    judged: median(values),
    counted: values.length,
  };
}
