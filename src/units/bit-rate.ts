import { NetmgrError } from '../errors.js';
import { readQuantity } from './quantity.js';

/** Decimal, as in tc(8): 1 kbit is 1000 bits. `bps` is no unit here, because tc reads it as bytes. */
const UNITS = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9, tbit: 1e12 } as const;

/** Rates of the MIB are in kbit/s. */
export const BITS_PER_KILOBIT = UNITS.kbit;

/** A rate in bits per second. */
export class BitRate {
  private constructor(readonly bitsPerSecond: number) {}

  /** @throws NetmgrError `InvalidInput` for anything but a whole, positive number of bits per second. */
  static ofBitsPerSecond(bitsPerSecond: number): BitRate {
    if (!Number.isSafeInteger(bitsPerSecond) || bitsPerSecond < 1) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${String(bitsPerSecond)} is no whole, positive number of bits per second`,
      });
    }
    return new BitRate(bitsPerSecond);
  }

  /** Reads `10mbit`. @throws NetmgrError `InvalidInput` that says which units exist. */
  static parse(text: string): BitRate {
    return BitRate.ofBitsPerSecond(readQuantity(text, UNITS, 'rate', '10mbit'));
  }

  /** The shortest exact text, such as `10mbit`, that {@link parse} reads back. */
  toString(): string {
    for (const [unit, factor] of Object.entries(UNITS).reverse()) {
      if (this.bitsPerSecond % factor === 0) return `${String(this.bitsPerSecond / factor)}${unit}`;
    }
    return `${String(this.bitsPerSecond)}bit`;
  }

  toJSON(): string {
    return this.toString();
  }
}
