import { expect } from 'chai';
import { Discontinuities } from '../../../src/agent/tables/discontinuities.js';

describe('discontinuities of counters', () => {
  it('are found where one goes back, and only there', () => {
    const found = new Discontinuities();
    expect(found.of('a', [5n, 1n], 10)).to.equal(0);
    expect(found.of('a', [5n, 1n], 20)).to.equal(0);
    expect(found.of('b', [1n, 1n], 20)).to.equal(0);
    expect(found.of('a', [6n, 0n], 30)).to.equal(30);
    expect(found.of('a', [7n, 0n], 40)).to.equal(30);
    expect(found.of('b', [1n, 2n], 40)).to.equal(0);
  });

  it('are found where counters go and others come', () => {
    const found = new Discontinuities();
    expect(found.of('a', undefined, 10)).to.equal(0);
    expect(found.of('a', [0n], 20)).to.equal(20);
    expect(found.of('a', undefined, 30)).to.equal(30);
    expect(found.of('a', undefined, 40)).to.equal(30);
    expect(found.of('a', [9n], 50)).to.equal(50);
  });

  it('are forgotten with what they are of', () => {
    const found = new Discontinuities();
    found.of('a', [5n], 10);
    found.of('a', [4n], 20);
    found.of('b', [5n], 20);
    found.retain(new Set(['b']));
    expect(found.of('a', [3n], 30)).to.equal(0);
    expect(found.of('b', [4n], 30)).to.equal(30);
  });
});
