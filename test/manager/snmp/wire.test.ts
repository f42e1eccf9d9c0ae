import { expect } from 'chai';
import fc from 'fast-check';
import snmp from 'net-snmp';
import { fromLibrary, isMissing, toLibrary } from '../../../src/manager/snmp/wire.js';
import type { SnmpValue, VarBind } from '../../../src/mib/value.js';
import { expectKind } from './expect-kind.js';

const oid = fc.array(fc.nat(0xffffffff), { minLength: 3, maxLength: 20 }).map((tail) => [1, 3, ...tail]);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint32 = fc.nat(0xffffffff);

/** The types that come back as they go out. */
const value: fc.Arbitrary<SnmpValue> = fc.oneof(
  int32.map((one) => ({ type: 'Integer32' as const, value: one })),
  uint32.map((one) => ({ type: 'Gauge32' as const, value: one })),
  uint32.map((one) => ({ type: 'Counter32' as const, value: one })),
  uint32.map((one) => ({ type: 'TimeTicks' as const, value: one })),
  fc.uint8Array({ maxLength: 40 }).map((one) => ({ type: 'OctetString' as const, value: Buffer.from(one) })),
  oid.map((one) => ({ type: 'ObjectIdentifier' as const, value: one })),
);

describe('varbinds in the library', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(oid, value, (name, one) => {
        const varBind: VarBind = { oid: name, value: one };
        const { oid: text, type, value: content } = toLibrary(varBind);
        expect(fromLibrary({ oid: text, type: type ?? 0, value: content })).to.deep.equal(varBind);
      }),
    );
  });

  it('carry counters of 64 bits in as many octets as an agent sends', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(3), (count, zeros) => {
        const hex = count.toString(16);
        const octets = Buffer.from('00'.repeat(zeros) + (hex.length % 2 === 0 ? hex : `0${hex}`), 'hex');
        const { value: read } = fromLibrary({ oid: '1.3.6', type: snmp.ObjectType.Counter64, value: octets });
        expect(read).to.deep.equal({ type: 'Counter64', value: count });
      }),
    );
    const none = fromLibrary({ oid: '1.3.6', type: snmp.ObjectType.Counter64, value: Buffer.alloc(0) });
    expect(none.value).to.deep.equal({ type: 'Counter64', value: 0n });
  });

  it('of a form that is not known are refused', () => {
    for (const [type, content] of [
      [77, 'x'],
      [snmp.ObjectType.OctetString, 'a text'],
      [snmp.ObjectType.Integer, 'x'],
      [snmp.ObjectType.OID, 7],
      [snmp.ObjectType.Counter64, 7],
    ] as const) {
      expectKind('Rejected', () => fromLibrary({ oid: '1.3.6', type, value: content }));
    }
  });

  it('may say that there is no value', () => {
    const { NoSuchObject, NoSuchInstance, EndOfMibView, Integer } = snmp.ObjectType;
    const missing = [NoSuchObject, NoSuchInstance, EndOfMibView].map((type) =>
      isMissing({ oid: '1', type, value: null }),
    );
    expect(missing).to.deep.equal([true, true, true]);
    expect(isMissing({ oid: '1', type: Integer, value: 0 })).to.equal(false);
  });
});
