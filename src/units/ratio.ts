import { NetmgrError } from '../errors.js';
import { readQuantity } from './quantity.js';

const PPM_PER_PERCENT = 1e4;

/** A probability or correlation in parts per million, from 0 to 1,000,000. */
export class Ratio {
  private constructor(readonly partsPerMillion: number) {}

  /** @throws NetmgrError `InvalidInput` outside 0…1,000,000. */
  static ofPartsPerMillion(partsPerMillion: number): Ratio {
    if (!Number.isSafeInteger(partsPerMillion) || partsPerMillion < 0 || partsPerMillion > 1e6) {
      throw new NetmgrError({ kind: 'InvalidInput', message: 'a ratio is from 0% to 100%' });
    }
    return new Ratio(partsPerMillion);
  }

  /** Reads `0.1%`. @throws NetmgrError `InvalidInput`. */
  static parse(text: string): Ratio {
    return Ratio.ofPartsPerMillion(readQuantity(text, { '%': PPM_PER_PERCENT }, 'ratio', '0.1%'));
  }

  toString(): string {
    return `${String(this.partsPerMillion / PPM_PER_PERCENT)}%`;
  }

  toJSON(): string {
    return this.toString();
  }
}
