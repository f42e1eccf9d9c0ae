import type { TcCounters } from '../kernel/tc/model.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';

const BITS_PER_OCTET = 8;
/** Milliseconds; a shorter span measures the moment of asking rather than the line. */
const SHORTEST_SPAN = 1000;

interface Sample {
  readonly at: number;
  readonly octets: bigint;
}

interface Meter {
  from: Sample;
  to: Sample;
}

/**
 * Rates from octet counters, between the two most recent readings that are at least a second apart. Reading
 * when asked, rather than on a timer, leaves the host alone while nobody looks.
 */
export class RateMeter {
  readonly #meters = new Map<string, Meter>();

  /** Takes a reading. @param now milliseconds of a monotonic clock */
  read(key: string, counters: TcCounters | undefined, now: number): void {
    if (counters === undefined) {
      this.#meters.delete(key);
      return;
    }
    const sample = { at: now, octets: counters.octets };
    const meter = this.#meters.get(key);
    // A counter that went back belongs to a new qdisc.
    if (meter === undefined || sample.octets < meter.to.octets) {
      this.#meters.set(key, { from: sample, to: sample });
    } else if (now - meter.to.at >= SHORTEST_SPAN) {
      meter.from = meter.to;
      meter.to = sample;
    }
  }

  /** kbit/s; 0 without two readings. */
  rate(key: string): number {
    const meter = this.#meters.get(key);
    if (meter === undefined || meter.to.at === meter.from.at) return 0;
    const bits = Number(meter.to.octets - meter.from.octets) * BITS_PER_OCTET;
    return Math.round((bits / BITS_PER_KILOBIT / (meter.to.at - meter.from.at)) * 1000);
  }
}
