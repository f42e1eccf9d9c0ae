import { expect } from 'chai';
import fc from 'fast-check';
import { compareOids, oidKey, oidOfKey } from '../../src/mib/oid.js';

const oid = fc.array(fc.oneof(fc.nat(300), fc.nat(0xffffffff), fc.constant(0xffffffff)), { maxLength: 40 });

describe('the key of an OID', () => {
  it('comes back as the OID', () => {
    fc.assert(
      fc.property(oid, (one) => {
        expect(oidOfKey(oidKey(one))).to.deep.equal(one);
      }),
    );
  });

  it('sorts as the OIDs do', () => {
    fc.assert(
      fc.property(oid, oid, fc.nat(5), (a, b, shared) => {
        const other = [...a.slice(0, shared), ...b];
        const [one, two] = [oidKey(a), oidKey(other)];
        expect(one < two ? -1 : one > two ? 1 : 0).to.equal(Math.sign(compareOids(a, other)));
      }),
    );
  });
});
