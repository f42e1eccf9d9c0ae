import { expect } from 'chai';
import { Progress } from '../../../src/agent/host/progress.js';

describe('how far a change of the host is', () => {
  it('is what is done of its parts, and not all of it before the end', () => {
    const progress = new Progress();
    expect(progress.percent).to.equal(0);
    progress.begin(8);
    progress.advance(0.5);
    progress.advance(2.5);
    expect(progress.percent).to.equal(37);
    progress.advance(5);
    expect(progress.percent).to.equal(99);
    progress.end();
    expect(progress.percent).to.equal(0);
    progress.begin(0);
    progress.advance(0);
    expect(progress.percent).to.equal(0);
  });
});
