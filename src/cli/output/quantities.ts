import { BitRate, BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import { rateText } from '../../web/wire/quantity-text.js';

/** kbit/s of the MIB in the units of the files; 0 is no limit. */
export function bandwidthText(kilobits: number): string {
  return kilobits === 0 ? '-' : BitRate.ofBitsPerSecond(kilobits * BITS_PER_KILOBIT).toString();
}

/** Bits per second that pass, in the same units, with three digits that count: `97.5mbit`; `-` is nothing, or not known. */
export function passingText(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined || bitsPerSecond === 0) return '-';
  return rateText(bitsPerSecond).replace(' ', '').replace('/s', '').toLowerCase();
}

/** Microseconds of the MIB in the units of the files. */
export function latencyText(microseconds: number): string {
  return microseconds === 0 ? '-' : Duration.ofMicroseconds(microseconds).toString();
}
