import { NetmgrError } from '../errors.js';
import { readQuantity } from './quantity.js';

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** An amount of memory or data in bytes (octets). */
export class ByteCount {
  private constructor(readonly bytes: number) {}

  /** @throws NetmgrError `InvalidInput` for anything but a whole number that is not negative. */
  static ofBytes(bytes: number): ByteCount {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${String(bytes)} is no whole number of bytes`,
      });
    }
    return new ByteCount(bytes);
  }

  /** Reads `256MiB`. @throws NetmgrError `InvalidInput` that says which units exist. */
  static parse(text: string): ByteCount {
    return ByteCount.ofBytes(readQuantity(text, UNITS, 'size', '256MiB'));
  }

  toString(): string {
    for (const [unit, factor] of Object.entries(UNITS).reverse()) {
      if (this.bytes !== 0 && this.bytes % factor === 0) return `${String(this.bytes / factor)}${unit}`;
    }
    return `${String(this.bytes)}B`;
  }

  toJSON(): string {
    return this.toString();
  }
}
