import { NetmgrError } from '../errors.js';
import { readQuantity } from './quantity.js';

const UNITS = { us: 1, ms: 1e3, s: 1e6 } as const;

/** A span of time in microseconds, the resolution of the files and of the MIB. */
export class Duration {
  static readonly ZERO = new Duration(0);

  private constructor(readonly microseconds: number) {}

  /** @throws NetmgrError `InvalidInput` for anything but a whole number that is not negative. */
  static ofMicroseconds(microseconds: number): Duration {
    if (!Number.isSafeInteger(microseconds) || microseconds < 0) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${String(microseconds)} is no whole number of microseconds from 0`,
      });
    }
    return new Duration(microseconds);
  }

  /** Reads `20ms`. @throws NetmgrError `InvalidInput` that says which units exist. */
  static parse(text: string): Duration {
    return Duration.ofMicroseconds(readQuantity(text, UNITS, 'duration', '20ms'));
  }

  plus(other: Duration): Duration {
    return new Duration(this.microseconds + other.microseconds);
  }

  /** The shortest exact text, such as `20ms`, that {@link parse} reads back. */
  toString(): string {
    for (const [unit, factor] of Object.entries(UNITS).reverse()) {
      if (this.microseconds !== 0 && this.microseconds % factor === 0) {
        return `${String(this.microseconds / factor)}${unit}`;
      }
    }
    return `${String(this.microseconds)}us`;
  }

  toJSON(): string {
    return this.toString();
  }
}
