import { numberOf } from '../printed.js';
import type { Splitter, Tbf } from './model.js';

/**
 * Rates at which a splitter holds nothing back, bits per second: what is longer than its `mtu` at the peak rate is cut
 * into the packets that it is made of (tbf_segment), and each takes its own way through what hangs below.
 */
const RATE = 40_000_000_000;
const PEAK_RATE = 41_000_000_000;
/** Octets: what may pass at once at line speed. */
const BURST = 1 << 20;
/**
 * tc does not print the mtu. The limit tells it: it is for the queue that a tbf has before something else hangs below it,
 * so that any large one does. Octets.
 */
const LIMIT = 16_000_000;
/** The kernel counts the mtu in nanoseconds at the peak rate, and rounds down: octets per nanosecond, and one more. */
const ROUNDING = 6;
/** Octets of two VLAN tags: a frame that has them is no super-packet, and must not be cut off. */
const TAGS = 8;

/** The options behind `tbf`. */
export function splitterOptions({ longest }: Splitter): string {
  return [
    `rate ${String(RATE)}bit burst ${String(BURST)} limit ${String(LIMIT + longest)}`,
    cuttingOptions(longest),
  ].join(' ');
}

/** What cuts super-packets before they wait for the tokens of a rate; nothing where they are not cut. */
export function splitsOptions({ splits, burst }: Tbf): string {
  return splits === undefined ? '' : ` ${cuttingOptions(Math.ceil(burst / 4) + TAGS)}`;
}

/** Whether a tbf with these printed options cuts super-packets. */
export function parseSplits(options: Readonly<Record<string, unknown>>): boolean {
  return options['minburst'] !== undefined;
}

function cuttingOptions(longest: number): string {
  return `peakrate ${String(PEAK_RATE)}bit mtu ${String(longest + ROUNDING)}`;
}

/** The splitter that a tbf with these printed options is; undefined if it is another tbf. */
export function parseSplitter(options: Readonly<Record<string, unknown>>): Splitter | undefined {
  const longest = numberOf(options['limit']) - LIMIT;
  const isOne = options['minburst'] !== undefined && numberOf(options['rate']) * 8 === RATE && longest > 0;
  return isOne ? { longest } : undefined;
}
