import fc from 'fast-check';
import type { Pdu } from '../../../src/agent/agentx/pdu.js';

const uint8 = fc.integer({ min: 0, max: 0xff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const octets = fc.uint8Array({ maxLength: 40 });

/** Also those that are compressed, and those of the greatest length. */
export const arbitraryOid = fc.oneof(
  fc.array(uint32, { maxLength: 12 }),
  fc.array(uint32, { maxLength: 8 }).map((tail) => [1, 3, 6, 1, ...tail]),
  fc.tuple(uint8, fc.array(uint32, { maxLength: 123 })).map(([fifth, tail]) => [1, 3, 6, 1, fifth, ...tail]),
);

const arbitraryValue = fc.oneof(
  fc.record({
    type: fc.constant('Integer32' as const),
    value: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  }),
  fc.record({ type: fc.constantFrom('Counter32', 'Gauge32', 'TimeTicks'), value: uint32 }),
  fc.record({ type: fc.constantFrom('OctetString', 'Opaque'), value: octets }),
  fc.record({
    type: fc.constant('IpAddress' as const),
    value: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant('Counter64' as const),
    value: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
  }),
  fc.record({ type: fc.constant('ObjectIdentifier' as const), value: arbitraryOid }),
  fc.record({ type: fc.constant('Null' as const) }),
);
const arbitraryException = fc.record({
  type: fc.constantFrom('noSuchObject', 'noSuchInstance', 'endOfMibView'),
});

const varBinds = fc.array(fc.record({ oid: arbitraryOid, value: arbitraryValue }), { maxLength: 5 });
const answers = fc.array(
  fc.record({ oid: arbitraryOid, value: fc.oneof(arbitraryValue, arbitraryException) }),
  { maxLength: 5 },
);
const ranges = fc.array(fc.record({ start: arbitraryOid, include: fc.boolean(), end: arbitraryOid }), {
  maxLength: 5,
});

const header = { sessionId: uint32, transactionId: uint32, packetId: uint32 };

/** Leaves out the context, or gives one. */
function inContext<T>(body: fc.Arbitrary<T>): fc.Arbitrary<T | (T & { context: Uint8Array })> {
  return fc.oneof(
    body,
    fc.tuple(body, octets).map(([fields, context]) => ({ ...fields, context })),
  );
}

const region = { ...header, priority: uint8, subtree: arbitraryOid };
const bounds = fc.oneof(
  fc.constant({ rangeSubid: 0, upperBound: 0 }),
  fc.record({ rangeSubid: fc.integer({ min: 1, max: 255 }), upperBound: uint32 }),
);

const description = fc.string({ unit: 'grapheme', maxLength: 20 });

/** Any PDU that can be. */
export const arbitraryPdu: fc.Arbitrary<Pdu> = fc.oneof(
  fc.record({
    ...header,
    type: fc.constant('Open' as const),
    timeout: uint8,
    id: arbitraryOid,
    description,
  }),
  inContext(
    fc.record({ ...header, type: fc.constant('AddAgentCaps' as const), id: arbitraryOid, description }),
  ),
  fc.record({ ...header, type: fc.constant('Close' as const), reason: uint8 }),
  inContext(
    fc
      .tuple(fc.record({ ...region, type: fc.constant('Register' as const), timeout: uint8 }), bounds)
      .map(([fields, bound]) => ({ ...fields, ...bound })),
  ),
  inContext(
    fc
      .tuple(fc.record({ ...region, type: fc.constant('Unregister' as const) }), bounds)
      .map(([fields, bound]) => ({ ...fields, ...bound })),
  ),
  inContext(fc.record({ ...header, type: fc.constantFrom('Get', 'GetNext'), ranges })),
  inContext(
    fc.record({
      ...header,
      type: fc.constant('GetBulk' as const),
      nonRepeaters: uint16,
      maxRepetitions: uint16,
      ranges,
    }),
  ),
  inContext(fc.record({ ...header, type: fc.constantFrom('TestSet', 'Notify'), varBinds })),
  fc.record({ ...header, type: fc.constantFrom('CommitSet', 'UndoSet', 'CleanupSet') }),
  inContext(fc.record({ ...header, type: fc.constant('Ping' as const) })),
  fc.record({
    ...header,
    type: fc.constant('Response' as const),
    sysUpTime: uint32,
    error: uint16,
    index: uint16,
    varBinds: answers,
  }),
);
