import { expect } from 'chai';
import { ApplyError, failuresOf, messageOf, NetmgrError, throwIfAny } from '../src/errors.js';

const error = (message: string): NetmgrError => new NetmgrError({ kind: 'Rejected', message });
const full = new NetmgrError({
  kind: 'CommandFailed',
  message: 'tc does not want to',
  subject: 'host1/vif1.0',
  at: { file: 'real.xml', line: 7 },
  hint: 'Ask it again.',
  cause: new Error('exit code 2'),
});

describe('NetmgrError', () => {
  it('is an Error with a stack', () => {
    expect(full).to.be.instanceOf(Error).and.have.property('name', 'NetmgrError');
    expect(full.stack).to.contain('tc does not want to');
  });

  it('tells all its fields as plain data', () => {
    expect(JSON.parse(JSON.stringify(full))).to.deep.equal({
      kind: 'CommandFailed',
      message: 'tc does not want to',
      subject: 'host1/vif1.0',
      at: { file: 'real.xml', line: 7 },
      hint: 'Ask it again.',
      cause: 'exit code 2',
    });
  });

  it('leaves out what it does not know', () => {
    expect(Object.keys(error('no').toJSON())).to.deep.equal(['kind', 'message']);
  });
});

describe('failuresOf', () => {
  it('takes apart what holds several, however deep', () => {
    const [a, b, c] = [error('a'), error('b'), error('c')];
    const nested = new AggregateError([a, new ApplyError([b, c], 'inner')], 'outer');
    expect(failuresOf(nested)).to.deep.equal([a, b, c]);
  });

  it('calls what is not ours a bug, in its own words', () => {
    for (const [thrown, message] of [
      [new TypeError('x is not a function'), 'x is not a function'],
      ['a text', 'a text'],
      [undefined, 'undefined'],
    ] as const) {
      const [failure] = failuresOf(thrown);
      expect(failure?.toJSON()).to.include({ kind: 'Bug', message });
      expect(failure?.cause).to.equal(thrown);
      expect(messageOf(thrown)).to.equal(message);
    }
  });
});

describe('throwIfAny', () => {
  it('throws nothing for none, one as it is, and several together', () => {
    const [a, b] = [error('a'), error('b')];
    expect(() => throwIfAny([], 'all')).to.not.throw();
    expect(() => throwIfAny([a], 'all'))
      .to.throw()
      .and.equal(a);
    expect(() => throwIfAny([a, b], 'all'))
      .to.throw(ApplyError, 'all')
      .with.property('errors')
      .that.deep.equals([a, b]);
  });
});
