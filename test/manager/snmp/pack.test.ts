import { expect } from 'chai';
import fc from 'fast-check';
import { pack } from '../../../src/manager/snmp/pack.js';
import type { VarBind } from '../../../src/mib/value.js';

/** RFC 3416 and snmpd: an answer repeats its request and must stay below this many octets; AgentX spends more. */
const MOST_OCTETS = 8000;
const MOST_VARBINDS = 200;

const varBind = fc
  .tuple(fc.array(fc.nat(255), { minLength: 10, maxLength: 40 }), fc.uint8Array({ maxLength: 255 }))
  .map(([oid, value]): VarBind => ({ oid, value: { type: 'OctetString', value } }));
const row = fc.array(varBind, { minLength: 1, maxLength: 17 });

/** At least what the varbind takes in BER: two lengths and tags around it, and an octet per sub-identifier. */
const octetsOf = ({ oid, value }: VarBind): number =>
  oid.length + (value.type === 'OctetString' ? value.value.length : 5);

describe('pack', () => {
  it('keeps all varbinds, in their order, and tears no row', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const pdus = pack(rows);
        expect(pdus.flat()).to.deep.equal(rows.flat());
        const ends = new Set<number>([0]);
        for (const { length } of rows) ends.add(Math.max(...ends) + length);
        let at = 0;
        for (const pdu of pdus) {
          at += pdu.length;
          expect(ends.has(at)).to.equal(true);
        }
      }),
    );
  });

  it('keeps within the bounds of a SET, and fills it', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const pdus = pack(rows);
        for (const pdu of pdus) {
          expect(pdu.length).to.be.within(1, MOST_VARBINDS);
          expect(pdu.reduce((sum, one) => sum + octetsOf(one), 0)).to.be.at.most(MOST_OCTETS);
        }
        const [first, second] = pdus;
        if (first === undefined || second === undefined) return;
        // The next row did not fit any more, with what stands around each varbind.
        const next = rows.find(([start]) => start === second[0]) ?? [];
        const both = [...first, ...next];
        const octets = both.reduce((sum, one) => sum + octetsOf(one) + 30, 0);
        expect(both.length > MOST_VARBINDS || octets > MOST_OCTETS).to.equal(true);
      }),
    );
  });

  it('keeps within the number of varbinds where they are small', () => {
    const small: VarBind = { oid: [1, 3, 6], value: { type: 'Integer32', value: 1 } };
    const pdus = pack(Array.from({ length: 450 }, () => [small]));
    expect(pdus.map(({ length }) => length)).to.deep.equal([200, 200, 50]);
  });

  it('makes nothing of nothing', () => {
    expect(pack([])).to.deep.equal([]);
  });
});
