import { expect } from 'chai';
import fc from 'fast-check';
import { gilbertOf, highestCorrelation } from '../../src/units/gilbert.js';

const ONE = 1_000_000;

describe("Gilbert's model of losses", () => {
  it('is that of a share and a correlation', () => {
    expect(gilbertOf(100_000, 500_000)).to.deep.equal({ p: 50_000, r: 450_000 });
    expect(gilbertOf(10_000, 250_000)).to.deep.equal({ p: 7500, r: 742_500 });
    // Without correlation each packet by itself.
    expect(gilbertOf(100_000, 0)).to.deep.equal({ p: 100_000, r: 900_000 });
    expect(gilbertOf(750_000, 200_000)).to.deep.equal({ p: 600_000, r: 200_000 });
  });

  it('keeps the share, and the correlation as well as whole parts per million can', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: ONE - 2 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (share, part) => {
          const correlation = Math.floor(highestCorrelation(share) * part);
          const { p, r } = gilbertOf(share, correlation);
          for (const one of [p, r]) expect(one).to.be.within(1, ONE);
          expect((p / (p + r)) * ONE).to.be.closeTo(share, Math.max(1, share / 1000));
          const rarer = Math.min(share, ONE - share);
          expect(ONE - p - r).to.be.closeTo(correlation, 0.6 * (ONE / rarer) + 2);
        },
      ),
    );
  });

  it('has a highest correlation, where losses begin or end as seldom as can be', () => {
    expect(highestCorrelation(100)).to.equal(990_000);
    expect(gilbertOf(100, 990_000)).to.deep.equal({ p: 1, r: 9999 });
    expect(highestCorrelation(ONE - 100)).to.equal(990_000);
    expect(highestCorrelation(500_000)).to.equal(999_000);
    expect(highestCorrelation(1)).to.equal(0);
    expect(highestCorrelation(ONE)).to.equal(0);
  });
});
