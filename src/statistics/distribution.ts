/** A cumulative distribution: the probability of a value up to this one. */
export type Cumulative = (value: number) => number;

/** The Kolmogorov-Smirnov statistic: how far the values' distribution is from the other one at most. */
export function distance(values: readonly number[], cumulative: Cumulative): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, i) => {
      const should = cumulative(value);
      return Math.max(Math.abs(should - i / sorted.length), Math.abs(should - (i + 1) / sorted.length));
    }),
  );
}

/** The distance that one sample in a thousand exceeds by chance (Kolmogorov, for large samples). */
export const criticalDistance = (count: number): number => 1.95 / Math.sqrt(count);

/** The even distribution between two values. */
export function even(from: number, to: number): Cumulative {
  return (value) => Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** The distribution of values of which each is as probable as any other. */
export function empirical(values: readonly number[]): Cumulative {
  const sorted = Float64Array.from(values).sort();
  return (value) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  };
}

/** The cumulative normal distribution (Abramowitz and Stegun 7.1.26, exact to 1.5e-7). */
export function normal(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-z * z);
  return x < 0 ? tail / 2 : 1 - tail / 2;
}
