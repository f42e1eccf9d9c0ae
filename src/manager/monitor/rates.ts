import type { Flowing } from './network-state.js';

const BITS_PER_OCTET = 8;
/** sysUpTime is in hundredths of a second. */
const TICKS = 100;

/** Counters at a time. */
export interface Counted {
  readonly octets: bigint;
  readonly drops: bigint;
}

interface Sample extends Counted {
  /** sysUpTime in hundredths of a second. */
  readonly time: number;
}

/** Rates of counters between the last two readings. */
export class Rates {
  readonly #samples = new Map<string, Sample>();
  readonly #rates = new Map<string, Flowing>();

  /**
   * Takes a reading.
   *
   * @param time sysUpTime of it; one that is not newer than the last is that reading once more
   * @returns undefined if there is no reading before, or if the counters began anew since
   */
  of(key: string, { octets, drops }: Counted, time: number): Flowing | undefined {
    const last = this.#samples.get(key);
    if (last?.time === time) return this.#rates.get(key);
    this.#samples.set(key, { octets, drops, time });
    if (last === undefined || time < last.time || octets < last.octets || drops < last.drops) {
      this.#rates.delete(key);
      return undefined;
    }
    const seconds = (time - last.time) / TICKS;
    const flowing = {
      rate: (Number(octets - last.octets) * BITS_PER_OCTET) / seconds,
      drops: Number(drops - last.drops) / seconds,
    };
    this.#rates.set(key, flowing);
    return flowing;
  }
}
