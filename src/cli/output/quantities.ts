import { BitRate, BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';

/** kbit/s of the MIB in the units of the files; 0 is no limit. */
export function bandwidthText(kilobits: number): string {
  return kilobits === 0 ? '-' : BitRate.ofBitsPerSecond(kilobits * BITS_PER_KILOBIT).toString();
}

/** Microseconds of the MIB in the units of the files. */
export function latencyText(microseconds: number): string {
  return microseconds === 0 ? '-' : Duration.ofMicroseconds(microseconds).toString();
}
