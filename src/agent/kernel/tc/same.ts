import { isDeepStrictEqual } from 'node:util';
import type { HtbClass, Jitter, Leaf, LeafQdisc, Netem, Tbf } from './model.js';

/** tc reads a burst as whole microseconds at the rate and rounds down; so does what is written back in an undo. */
const BURST_MICROSECONDS = 4;
/** What one reading of a delay can be off: see parseTc. */
const DELAY_MICROSECONDS = 1;
/** tc prints a delay in seconds with six significant digits, so that from 1 s on microseconds are lost. */
const DELAY_DIGITS = 1e-5;

/** The kernel keeps rates in bytes per second. */
const octetsPerSecond = (bits: number): number => Math.floor(bits / 8);

/**
 * Whether the kernel, asked for one, shows the other. A burst counts as the same within four microseconds
 * at the rate and two octets: tc before 6.15 rounds it down, and a difference that cannot go away would be
 * written for ever.
 */
export function sameTbf(a: Tbf, b: Tbf): boolean {
  const slack = 2 + (octetsPerSecond(a.rate) * BURST_MICROSECONDS) / 1e6;
  return (
    octetsPerSecond(a.rate) === octetsPerSecond(b.rate) &&
    a.limit === b.limit &&
    a.wire === b.wire &&
    a.splits === b.splits &&
    Math.abs(a.burst - b.burst) <= slack
  );
}

/** Whether the kernel, asked for one, shows the other: a delay counts as the same within a microsecond. */
export function sameNetem(a: Netem, b: Netem): boolean {
  return (
    a.limit === b.limit &&
    sameTime(a.latency, b.latency) &&
    sameJitter(a.jitter, b.jitter) &&
    isDeepStrictEqual(fateOf(a), fateOf(b))
  );
}

/** What tc prints exactly. */
const fateOf = ({ loss, duplicate, reorder, corrupt }: Netem): unknown => [loss, duplicate, reorder, corrupt];

function sameJitter(a: Jitter | undefined, b: Jitter | undefined): boolean {
  return sameOrNone(
    a,
    b,
    ({ jitter, ...rest }, { jitter: other, ...others }) =>
      sameTime(jitter, other) && isDeepStrictEqual(rest, others),
  );
}

/** Whether both are there and the same, or neither is. */
function sameOrNone<T>(a: T | undefined, b: T | undefined, same: (a: T, b: T) => boolean): boolean {
  return a === undefined || b === undefined ? a === b : same(a, b);
}

function sameTime(a: number, b: number): boolean {
  const longest = Math.max(a, b);
  const slack = Math.max(DELAY_MICROSECONDS, longest >= 1e6 ? longest * DELAY_DIGITS : 0);
  return Math.abs(a - b) <= slack;
}

export function sameQdisc(a: LeafQdisc, b: LeafQdisc): boolean {
  if (a.kind === 'tbf' && b.kind === 'tbf') return sameTbf(a, b);
  if (a.kind === 'splitter' && b.kind === 'splitter') return a.longest === b.longest;
  if (a.kind === 'netem' && b.kind === 'netem') return sameNetem(a, b);
  return false;
}

/** Whether what happens to the packets of one class is what happens to those of the other. */
export function sameLeaf(a: Leaf, b: Leaf): boolean {
  return (
    a.splitter?.longest === b.splitter?.longest &&
    sameOrNone(a.netem, b.netem, sameNetem) &&
    sameOrNone(a.tbf, b.tbf, sameTbf)
  );
}

/**
 * The rate that tc prints for a class, bit/s: from 1,000 units on it drops what is below a unit, so that
 * 1234567 kbit/s shows as 1234Mbit.
 */
export function printedRate(bits: number): number {
  let rate = octetsPerSecond(bits) * 8;
  let unit = 1;
  // get_rate's counterpart in iproute2's lib/utils_math.c stops at T.
  while (unit < 1e12 && rate >= 1000 && !(rate % 1000 !== 0 && rate < 1_000_000)) {
    rate = Math.floor(rate / 1000);
    unit *= 1000;
  }
  return rate * unit;
}

/** Whether the two classes look the same in tc's output. */
export function sameClass(a: HtbClass, b: HtbClass): boolean {
  return (
    a.parent === b.parent &&
    a.wire === b.wire &&
    printedRate(a.rate) === printedRate(b.rate) &&
    printedRate(a.ceil) === printedRate(b.ceil)
  );
}
