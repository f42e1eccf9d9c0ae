import { expect } from 'chai';
import { StepWords } from '../../../src/cli/output/step-words.js';

describe('the words of a step', () => {
  const rows = (done: number) => ({ done, all: 104_091, unit: 'rows' as const });
  const percent = (done: number) => ({ done, all: 100, unit: '%' as const });

  it('are the step, where nothing is known of how far it is', () => {
    expect(new StepWords().of('read', undefined, 0)).to.equal('read');
  });

  it('say how much is done, and after a second how fast it goes on and how long it takes', () => {
    const words = new StepWords();
    expect(words.of('write', rows(1000), 0)).to.equal('write 1,000 of 104,091 rows');
    expect(words.of('write', rows(10_000), 500)).to.equal('write 10,000 of 104,091 rows');
    expect(words.of('write', rows(41_000), 2000)).to.equal(
      'write 41,000 of 104,091 rows, 20,000/s, 4 s left',
    );
    expect(words.of('write', rows(104_091), 5000)).to.equal('write 104,091 of 104,091 rows, 20,618/s');
  });

  it('begin anew with each step', () => {
    const words = new StepWords();
    words.of('write', rows(1000), 0);
    expect(words.of('commit', undefined, 3000)).to.equal('commit');
    expect(words.of('commit', percent(0), 4000)).to.equal('commit 0 %');
    expect(words.of('commit', percent(0), 6000)).to.equal('commit 0 %');
    expect(words.of('commit', percent(20), 14_000)).to.equal('commit 20 %, 40 s left');
    expect(words.of('commit', percent(21), 54_000)).to.equal('commit 21 %, 4 min left');
  });
});
