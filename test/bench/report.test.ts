import { expect } from 'chai';
import { missedOf, tableOf, type BenchResult } from '../../src/bench/report.js';

const RESULT: BenchResult = {
  name: 'apply',
  measures: 'vifs × links of each',
  figures: [
    {
      ...{ what: '1000 × 5', value: 3.2, unit: 's', samples: [3.1, 3.2, 9] },
      beside: { what: 'the floor', value: 1 },
      bound: { atMost: 2.6, words: '2 × floor + 0.6 s' },
    },
    { what: 'walk', value: 12_345.6, unit: 'rows/s', bound: { atLeast: 10_000, words: 'as asked' } },
  ],
  seconds: 20,
};

describe('report of a bench', () => {
  it('has the figures beside what they are held against, and marks what misses its bound', () => {
    expect(tableOf(RESULT)).to.deep.equal([
      'apply: vifs × links of each',
      '                                     measured     beside    ratio      bound',
      '  beside the floor:',
      '  1000 × 5                              3.2 s        1 s    3.2 ×      2.6 s !',
      '  walk                            12,346 rows/s                    10,000 rows/s',
    ]);
    for (const line of tableOf(RESULT)) expect(line.length).to.be.at.most(80);
  });

  it('has the samples of figures that are to be seen with them, in lines that are not too long', () => {
    const samples = [...Array(20).keys()].map((n) => 10 + n / 10);
    const figures = [{ what: 'TCP', value: 11, unit: 'Gbit/s', samples, isShown: true }];
    expect(tableOf({ ...RESULT, figures }).slice(3)).to.deep.equal([
      '    10 10.1 10.2 10.3 10.4 10.5 10.6 10.7 10.8 10.9 11 11.1 11.2 11.3 11.4 11.5',
      '    11.6 11.7 11.8 11.9 (spread 17 %)',
    ]);
  });

  it('names the bounds that do not hold, and by what', () => {
    expect(missedOf([RESULT])).to.deep.equal([
      'apply, 1000 × 5: 3.2 s, at most 2.6 s wanted (2 × floor + 0.6 s)',
    ]);
  });

  it('says of a bench that failed why', () => {
    expect(tableOf({ ...RESULT, figures: [], failure: 'no root' })).to.deep.equal([
      'apply: vifs × links of each',
      '  FAILED: no root',
    ]);
  });
});
