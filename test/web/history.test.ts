import { expect } from 'chai';
import { History } from '../../src/web/view/history.js';

describe('the history', () => {
  it('has values at their times, and null where there was none', () => {
    const history = new History(4);
    history.add(1, [['a', 10]]);
    history.add(2, [['b', 5]]);
    history.add(3, [
      ['a', 12],
      ['b', undefined],
    ]);
    expect(history.times).to.deep.equal([1, 2, 3]);
    expect(history.of('a')).to.deep.equal([10, null, 12]);
    expect(history.of('b')).to.deep.equal([null, 5, null]);
    expect(history.of('c')).to.deep.equal([null, null, null]);
  });

  it('keeps the newest', () => {
    const history = new History(3);
    for (let time = 1; time <= 10; time++) history.add(time, [['a', time * 2]]);
    expect(history.times).to.deep.equal([8, 9, 10]);
    expect(history.of('a')).to.deep.equal([16, 18, 20]);
  });

  it('keeps no more series than it may, the first ones', () => {
    const history = new History(2, 2);
    const values = ['a', 'b', 'c'].map((name): [string, number] => [name, 1]);
    history.add(1, values);
    expect(history.of('b')).to.deep.equal([1]);
    expect(history.of('c')).to.deep.equal([null]);
  });

  it('has room for others once a series has had no value for a while', () => {
    const history = new History(3, 1);
    history.add(1, [['gone', 1]]);
    for (let time = 2; time <= 8; time++) history.add(time, [['new', time]]);
    expect(history.of('gone')).to.deep.equal([null, null, null]);
    expect(history.of('new')).to.deep.equal([6, 7, 8]);
  });
});
