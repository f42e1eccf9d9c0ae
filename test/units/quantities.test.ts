import { expect } from 'chai';
import fc from 'fast-check';
import { BitRate } from '../../src/units/bit-rate.js';
import { ByteCount } from '../../src/units/byte-count.js';
import { Duration } from '../../src/units/duration.js';
import { Ratio } from '../../src/units/ratio.js';
import { expectInvalid } from './expect-invalid.js';

interface Unit {
  readonly name: string;
  readonly parse: (text: string) => { toString(): string };
  readonly of: (value: number) => { toString(): string };
  readonly valueOf: (text: string) => number;
  readonly min: number;
  readonly max: number;
  readonly examples: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

const UNITS: readonly Unit[] = [
  {
    name: 'BitRate',
    parse: (text) => BitRate.parse(text),
    of: (value) => BitRate.ofBitsPerSecond(value),
    valueOf: (text) => BitRate.parse(text).bitsPerSecond,
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    examples: { '1bit': 1, '10mbit': 1e7, '1.5mbit': 1.5e6, '100gbit': 1e11, '0.001kbit': 1 },
    wrong: ['0bit', '10bps', '10Mbit', '10MBIT', '10mbps', '0.4bit', '10 mbit'],
  },
  {
    name: 'Duration',
    parse: (text) => Duration.parse(text),
    of: (value) => Duration.ofMicroseconds(value),
    valueOf: (text) => Duration.parse(text).microseconds,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    examples: { '0ms': 0, '20ms': 20_000, '0.5ms': 500, '1.000001s': 1_000_001, '3us': 3 },
    wrong: ['20', '20m', '20ns', '20 ms', '20mS', '1h'],
  },
  {
    name: 'ByteCount',
    parse: (text) => ByteCount.parse(text),
    of: (value) => ByteCount.ofBytes(value),
    valueOf: (text) => ByteCount.parse(text).bytes,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    examples: { '0B': 0, '256MiB': 268_435_456, '1.5KiB': 1536, '64KiB': 65_536 },
    wrong: ['256', '256MB', '256mib', '256M'],
  },
  {
    name: 'Ratio',
    parse: (text) => Ratio.parse(text),
    of: (value) => Ratio.ofPartsPerMillion(value),
    valueOf: (text) => Ratio.parse(text).partsPerMillion,
    min: 0,
    max: 1_000_000,
    examples: { '0%': 0, '0.1%': 1000, '100%': 1_000_000, '0.0001%': 1 },
    wrong: ['0.5', '100.0001%', '101%', '50 %', '1e1%'],
  },
];

const NEVER = [
  '',
  ' ',
  '-1',
  '+1',
  '1e3',
  'NaN',
  'Infinity',
  '.',
  '1.',
  '.5',
  '0x10',
  '1,5',
  '١',
  '10mbit\n',
  '10ms;',
];

for (const { name, parse, of, valueOf, min, max, examples, wrong } of UNITS) {
  describe(name, () => {
    it('reads back what it writes', () => {
      fc.assert(
        fc.property(fc.integer({ min, max }), (value) => {
          expect(valueOf(of(value).toString())).to.equal(value);
          expect(JSON.stringify(of(value))).to.equal(JSON.stringify(of(value).toString()));
        }),
      );
    });

    for (const [text, value] of Object.entries(examples)) {
      it(`reads ${text}`, () => expect(valueOf(text)).to.equal(value));
    }

    for (const text of [...wrong, ...NEVER]) {
      it(`refuses ${JSON.stringify(text)} and says what to write`, () => {
        const error = expectInvalid(() => parse(text));
        expect(error.message).to.not.equal('');
      });
    }

    it('refuses anything around what it reads', () => {
      for (const text of Object.keys(examples)) {
        for (const more of [' ', '\n', '\t', '0x', '-', '%', ';', '\u00a0']) {
          expectInvalid(() => parse(more + text));
          expectInvalid(() => parse(text + more));
        }
      }
    });

    it('refuses anything else but with the right kind of error', () => {
      fc.assert(
        fc.property(fc.string(), (text) => {
          try {
            parse(text);
          } catch {
            expectInvalid(() => parse(text));
          }
        }),
      );
    });

    it('refuses numbers that it cannot mean', () => {
      for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53, max + 1, min - 1]) expectInvalid(() => of(value));
    });
  });
}

describe('Duration', () => {
  it('adds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const sum = Duration.ofMicroseconds(a).plus(Duration.ofMicroseconds(b));
        expect(sum.microseconds).to.equal(a + b);
      }),
    );
  });
});
