import { expect } from 'chai';
import fc from 'fast-check';
import type { Pdu } from '../../../src/agent/agentx/pdu.js';
import { decodePdu, encodePdu, HEADER_LENGTH, MAX_PAYLOAD } from '../../../src/agent/agentx/pdu-codec.js';
import { PduFramer } from '../../../src/agent/agentx/pdu-framer.js';
import { NetmgrError } from '../../../src/errors.js';
import type { VarBind } from '../../../src/mib/value.js';
import { arbitraryPdu } from './arbitrary-pdu.js';

const header = { sessionId: 1, transactionId: 2, packetId: 3 };

/** Fails for whatever is thrown but a NetmgrError. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(NetmgrError);
  }
}

describe('the AgentX codec', () => {
  it('reads what it wrote, in both byte orders', () => {
    fc.assert(
      fc.property(arbitraryPdu, fc.boolean(), (pdu, littleEndian) => {
        expect(decodePdu(encodePdu(pdu, littleEndian))).to.deep.equal(pdu);
      }),
      { numRuns: 1000 },
    );
  });

  it('writes the octets of RFC 2741', () => {
    const pdu: Pdu = {
      ...header,
      type: 'Get',
      ranges: [{ start: [1, 3, 6, 1, 2, 1, 7], include: true, end: [2, 5] }],
    };
    expect(encodePdu(pdu).toString('hex')).to.equal(
      '01051000' + // version, Get, NETWORK_BYTE_ORDER
        '000000010000000200000003' +
        '00000018' +
        '02020100' + // two sub-identifiers after the prefix 2, include
        '0000000100000007' +
        '02000000' +
        '0000000200000005',
    );
    expect(encodePdu(pdu, true).subarray(0, 8).toString('hex')).to.equal('0105000001000000');
  });

  it('throws nothing but NetmgrError for random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        attempt(() => decodePdu(Buffer.from(bytes)));
        attempt(() => [...new PduFramer().push(Buffer.from(bytes))]);
      }),
      { numRuns: 2000 },
    );
  });

  it('throws nothing but NetmgrError for PDUs with an octet changed or the end cut off', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }), length: fc.nat() });
    fc.assert(
      fc.property(arbitraryPdu, change, (pdu, { at, to, length }) => {
        const bytes = encodePdu(pdu);
        bytes[at % bytes.length] = to;
        attempt(() => decodePdu(bytes));
        attempt(() => [...new PduFramer().push(bytes)]);
        const cut = bytes.subarray(0, length % bytes.length);
        // The header's length is right again, so that the fields are what is too short.
        if (cut.length >= HEADER_LENGTH) cut.writeUInt32BE(cut.length - HEADER_LENGTH, 16);
        attempt(() => decodePdu(cut));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses values that do not fit, with NetmgrError', () => {
    const wrong: VarBind[] = [
      { oid: [1, 3], value: { type: 'Gauge32', value: -1 } },
      { oid: [1, 3], value: { type: 'Gauge32', value: 0.5 } },
      { oid: [1, 3], value: { type: 'Counter32', value: 2 ** 32 } },
      { oid: [1, 3], value: { type: 'Integer32', value: 2 ** 31 } },
      { oid: [1, 3], value: { type: 'Counter64', value: 2n ** 64n } },
      { oid: [1, 3], value: { type: 'IpAddress', value: new Uint8Array(5) } },
      { oid: new Array<number>(129).fill(1), value: { type: 'Null' } },
      { oid: [1, 2 ** 32], value: { type: 'Null' } },
      { oid: [1, 3], value: { type: 'OctetString', value: new Uint8Array(MAX_PAYLOAD) } },
    ];
    for (const varBind of wrong) {
      expect(() => encodePdu({ ...header, type: 'Notify', varBinds: [varBind] })).to.throw(NetmgrError);
    }
  });

  it('refuses a header that announces more than can be, before it arrives', () => {
    const bytes = encodePdu({ ...header, type: 'Ping' });
    bytes.writeUInt32BE(MAX_PAYLOAD + 4, 16);
    expect(() => [...new PduFramer().push(bytes)]).to.throw(NetmgrError, 'payload');
  });
});

describe('the AgentX framer', () => {
  it('finds the PDUs of a stream, however it is cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(arbitraryPdu, { maxLength: 6 }), cuts, (pdus, sizes) => {
        const stream = Buffer.concat(pdus.map((pdu, i) => encodePdu(pdu, i % 2 === 1)));
        const framer = new PduFramer();
        const found: Pdu[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          found.push(...framer.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(found).to.deep.equal(pdus);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the PDUs before a malformed one', () => {
    const ping: Pdu = { ...header, type: 'Ping' };
    const found: Pdu[] = [];
    expect(() => {
      for (const pdu of new PduFramer().push(Buffer.concat([encodePdu(ping), Buffer.from('no')]))) {
        found.push(pdu);
      }
    }).to.throw(NetmgrError);
    expect(found).to.deep.equal([ping]);
  });
});
