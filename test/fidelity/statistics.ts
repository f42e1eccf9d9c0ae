import { expect } from 'chai';

/** How many standard deviations a measurement may be off: one in 370 is, by chance. */
const SIGMAS = 3;

/**
 * That so many of a number of events happened, each with that probability, within three standard deviations of the
 * binomial distribution.
 */
export function expectShare(what: string, happened: number, of: number, probability: number): void {
  const sigma = Math.sqrt((probability * (1 - probability)) / of);
  const share = happened / of;
  process.stdout.write(`    ${what}: ${percent(share)} of ${String(of)}, asked ${percent(probability)}\n`);
  expect(Math.abs(share - probability), what).to.be.at.most(SIGMAS * sigma);
}

/** Within so much of what is asked. */
export function expectNear(what: string, measured: number, asked: number, tolerance: number): void {
  process.stdout.write(`    ${what}: ${measured.toPrecision(4)}, asked ${asked.toPrecision(4)}\n`);
  expect(Math.abs(measured - asked), what).to.be.at.most(tolerance);
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** The Kolmogorov-Smirnov statistic: how far the values' distribution is from the other one at most. */
export function distance(values: readonly number[], cumulative: (value: number) => number): number {
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
