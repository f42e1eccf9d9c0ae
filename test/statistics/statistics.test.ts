import { expect } from 'chai';
import { confidenceHalfWidth } from '../../src/statistics/confidence-half-width.js';
import { distance, empirical, even, normal } from '../../src/statistics/distribution.js';
import { mean, median, standardDeviation } from '../../src/statistics/summary.js';

describe('statistics', () => {
  it('know mean, median and standard deviation', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).to.equal(5);
    expect(median(values)).to.equal(4.5);
    expect(median([3, 1, 2])).to.equal(2);
    expect(standardDeviation(values)).to.be.closeTo(Math.sqrt(32 / 7), 1e-12);
    expect([mean([]), median([]), standardDeviation([1])].every(Number.isNaN)).to.equal(true);
  });

  it('know how exact a mean is, by Student’s t', () => {
    // Three values, two degrees of freedom: t is 4.303.
    expect(confidenceHalfWidth([1, 2, 3])).to.be.closeTo(4.303 / Math.sqrt(3), 1e-9);
    expect(confidenceHalfWidth([1, 3])).to.be.closeTo(12.706, 1e-9);
    expect(confidenceHalfWidth([7])).to.equal(undefined);
    expect(confidenceHalfWidth(Array.from({ length: 100 }, (_, i) => i % 2))).to.be.closeTo(0.0985, 1e-4);
  });

  it('know how far values are from a distribution', () => {
    const spread = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    expect(distance(spread, even(0, 1))).to.be.closeTo(0.0005, 1e-9);
    expect(distance(spread, even(0.5, 1.5))).to.be.closeTo(0.5, 0.001);
    expect(distance([1, 2, 3], empirical([1, 2, 3]))).to.be.closeTo(1 / 3, 1e-12);
  });

  it('know the share of values up to one', () => {
    const cumulative = empirical([3, 1, 2, 2]);
    expect([0, 1, 2, 2.5, 3, 4].map(cumulative)).to.deep.equal([0, 0.25, 0.75, 0.75, 1, 1]);
  });

  it('know the normal distribution', () => {
    expect(normal(0)).to.be.closeTo(0.5, 1e-6);
    expect(normal(1.959964)).to.be.closeTo(0.975, 1e-6);
    expect(normal(-1)).to.be.closeTo(0.158655, 1e-6);
  });
});
