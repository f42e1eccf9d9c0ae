import { expect } from 'chai';
import { SetRouter, type SetWriter } from '../../../src/agent/tables/set-router.js';
import type { VarBind } from '../../../src/mib/value.js';

describe('SetRouter', () => {
  const named = (name: 'notWritable' | 'noCreation'): SetWriter => ({
    test: () => ({ status: name, index: 1 }),
  });
  const router = new SetRouter([1, 6], named('notWritable'), named('noCreation'));
  const at = (...oid: number[]): VarBind => ({ oid, value: { type: 'Null' } });

  it('gives each SET to whom it concerns, whole', () => {
    expect(router.test([at(1, 6, 1), at(1, 6, 2)])).to.deep.equal({ status: 'notWritable', index: 1 });
    expect(router.test([at(1, 5), at(1, 7)])).to.deep.equal({ status: 'noCreation', index: 1 });
    expect(router.test([])).to.deep.equal({ status: 'noCreation', index: 1 });
  });

  it('refuses one that concerns both', () => {
    const refusal = { status: 'inconsistentValue', index: 2 };
    expect(router.test([at(1, 6, 1), at(1, 5)])).to.deep.equal(refusal);
    expect(router.test([at(1, 5), at(1, 5), at(1, 6)])).to.deep.equal({ ...refusal, index: 1 });
  });
});
