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
