import { expect } from 'chai';
import fc from 'fast-check';
import {
  adminString,
  bits,
  counter32,
  counter64,
  enumeration,
  integer,
  interfaceNameOrEmpty,
  macAddressOrNone,
  octets,
  pointer,
  timeStamp,
  truthValue,
  unsigned,
  WireValueError,
  type Syntax,
} from '../../src/mib/syntax.js';
import type { SnmpValue } from '../../src/mib/value.js';

const OTHERS: readonly SnmpValue[] = [
  { type: 'Integer32', value: 1 },
  { type: 'Gauge32', value: 1 },
  { type: 'Counter32', value: 1 },
  { type: 'TimeTicks', value: 1 },
  { type: 'Counter64', value: 1n },
  { type: 'OctetString', value: Buffer.from('x') },
  { type: 'Opaque', value: Buffer.from('x') },
  { type: 'IpAddress', value: Buffer.from([10, 1, 0, 1]) },
  { type: 'ObjectIdentifier', value: [1, 3, 6] },
  { type: 'Null' },
];

const text = (value: string | Uint8Array): SnmpValue => ({
  type: 'OctetString',
  value: Buffer.from(value as string),
});
const int = (value: number): SnmpValue => ({ type: 'Integer32', value });
const gauge = (value: number): SnmpValue => ({ type: 'Gauge32', value });
const letters = enumeration({ a: 1, b: 2, z: 26 });
const flags = bits({ first: 0, second: 1, ninth: 8 });

interface Case {
  readonly syntax: Syntax<never>;
  readonly values: fc.Arbitrary<unknown>;
  /** Values of the right type that it refuses, with the error-status of RFC 3416. */
  readonly refused: readonly (readonly [SnmpValue, WireValueError['reason']])[];
}

const of = <T>(syntax: Syntax<T>, values: fc.Arbitrary<T>, refused: Case['refused'] = []): Case => ({
  syntax: syntax as unknown as Syntax<never>,
  values,
  refused,
});

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f]/;

const CASES: Readonly<Record<string, Case>> = {
  unsigned: of(unsigned(), fc.nat(0xffffffff)),
  'bounded unsigned': of(unsigned(5, 9), fc.integer({ min: 5, max: 9 }), [
    [gauge(4), 'wrongValue'],
    [gauge(10), 'wrongValue'],
  ]),
  integer: of(integer(-2, 3), fc.integer({ min: -2, max: 3 }), [
    [int(-3), 'wrongValue'],
    [int(4), 'wrongValue'],
  ]),
  counter32: of(counter32, fc.nat(0xffffffff)),
  counter64: of(counter64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  timeStamp: of(timeStamp, fc.nat(0xffffffff)),
  enumeration: of<'a' | 'b' | 'z'>(letters, fc.constantFrom('a' as const, 'b' as const, 'z' as const), [
    [int(0), 'wrongValue'],
    [int(3), 'wrongValue'],
    [int(-1), 'wrongValue'],
  ]),
  truthValue: of(truthValue, fc.boolean(), [
    [int(0), 'wrongValue'],
    [int(3), 'wrongValue'],
  ]),
  octets: of(octets(2, 4), fc.uint8Array({ minLength: 2, maxLength: 4 }), [
    [text('x'), 'wrongLength'],
    [text('xxxxx'), 'wrongLength'],
  ]),
  adminString: of(
    adminString(0, 64),
    fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((one) => Buffer.byteLength(one) <= 64 && !CONTROLS.test(one)),
    [
      [text('x'.repeat(65)), 'wrongLength'],
      [text('ä'.repeat(33)), 'wrongLength'],
      [text('a\0b'), 'wrongValue'],
      [text('a\nb'), 'wrongValue'],
      [text('a\u007f'), 'wrongValue'],
      [text(Uint8Array.of(0xff, 0xfe)), 'wrongValue'],
      [text(Uint8Array.of(0xc0, 0x80)), 'wrongValue'],
      [text(Uint8Array.of(0xed, 0xa0, 0x80)), 'wrongValue'],
    ],
  ),
  interfaceNameOrEmpty: of(
    interfaceNameOrEmpty,
    fc.constantFrom('', 'eth0', 'vif1.0', '_x-y', '0123456789abcde'),
    [
      [text('0123456789abcdef'), 'wrongLength'],
      ...['.', '..', '-all', 'a b', 'a/b', 'a;b', "a'", 'a:1', 'ä', '$(x)', 'a\n'].map(
        (name) => [text(name), 'wrongValue'] as const,
      ),
    ],
  ),
  macAddressOrNone: of(macAddressOrNone, fc.constantFrom('', '00:16:3e:00:01:08', 'fe:ff:ff:ff:ff:ff'), [
    [text(Uint8Array.of(1, 0, 0x5e, 0, 0, 1)), 'wrongValue'],
    [text('12345'), 'wrongLength'],
    [text(''), 'wrongLength'],
  ]),
  pointer: of<readonly number[]>(
    pointer,
    fc.oneof(
      fc.constant([]),
      fc.array(fc.nat(0xffffffff), { minLength: 2, maxLength: 20 }).map((rest) => [1, 3, ...rest]),
    ),
  ),
};

for (const [name, { syntax, values, refused }] of Object.entries(CASES)) {
  describe(`the syntax ${name}`, () => {
    it('reads back what it writes, as its type', () => {
      fc.assert(
        fc.property(values, (value) => {
          const wire = syntax.encode(value as never);
          expect(wire.type).to.equal(syntax.type);
          expect(syntax.decode(wire)).to.deep.equal(value);
        }),
      );
    });

    it('refuses each other type', () => {
      for (const other of OTHERS.filter(({ type }) => type !== syntax.type)) {
        expect(() => syntax.decode(other), other.type)
          .to.throw(WireValueError)
          .with.property('reason', 'wrongType');
      }
    });

    refused.forEach(([value, reason], i) => {
      it(`refuses a value of its type with ${reason} (${String(i + 1)})`, () => {
        expect(() => syntax.decode(value))
          .to.throw(WireValueError)
          .with.property('reason', reason);
      });
    });
  });
}

describe('the syntax bits', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.subarray(['first', 'second', 'ninth'] as const), (set) => {
        expect(flags.decode(flags.encode(new Set(set)))).to.deep.equal(new Set(set));
      }),
    );
  });

  it('counts from the highest bit of the first octet, and takes absent octets for zero', () => {
    expect(flags.encode(new Set(['first', 'ninth']))).to.deep.equal({
      type: 'OctetString',
      value: Uint8Array.of(0x80, 0x80),
    });
    expect(flags.decode(text(Uint8Array.of(0x40)))).to.deep.equal(new Set(['second']));
    expect(flags.decode(text(''))).to.deep.equal(new Set());
  });
});
