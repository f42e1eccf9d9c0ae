import { UINT32_MAX } from '../../../mib/syntax.js';
import type { Leaf, Netem, Tbf } from './model.js';

/** Octets of a full Ethernet frame as tc counts it: 1500 and the 14 of the header, without the checksum. */
export const FRAME = 1514;
/** Below this rate a burst is counted in frames, bit/s. */
const SLOW = 10_000_000;
const SLOW_BURST = 4 * FRAME;
/** The share of a second that a burst lasts at the link's rate: 1 ms. */
const BURSTS_PER_SECOND = 1000;
/** The shortest default buffer, microseconds. */
const MIN_QUEUE = 50_000;
const MIN_NETEM_LIMIT = 1000;
/** What a vif carries at most where no rate is set, bit/s: it sizes netem's queue only. */
const LINE_RATE = 10_000_000_000;
const MICROSECONDS = 1_000_000;

/** A line as it is asked for. 0 or nothing lets this module choose. */
export interface LineProfile {
  /** kbit/s; 0 is no limit. */
  readonly bandwidth: number;
  /** Microseconds, one way. */
  readonly latency: number;
  readonly jitter?: number;
  /** Octets. */
  readonly burst?: number;
  /** Microseconds that a packet may wait for the rate. */
  readonly queue?: number;
  /** Packets that may wait for the delay. */
  readonly limit?: number;
}

/**
 * The octets that may leave at once: 1 ms at the rate, two frames at least, and four frames below 10 Mbit/s,
 * where one frame lasts longer than the millisecond. tc-tbf(8): the burst must hold what arrives between two
 * ticks of the timer, or the rate is not reached; the larger it is, the more passes at line speed.
 *
 * @param rate bits per second
 */
export function burstOf(rate: number): number {
  if (rate < SLOW) return SLOW_BURST;
  return Math.max(2 * FRAME, Math.ceil(rate / 8 / BURSTS_PER_SECOND));
}

/** 0 asks for nothing. */
const asked = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

/**
 * The queue for the rate in microseconds: as long as a round trip (twice the one-way delay), which is what one
 * TCP flow needs to fill a link (RFC 3439 section 4.1 gives the rule), and 50 ms at least.
 */
function queueOf(profile: LineProfile): number {
  return asked(profile.queue) ?? Math.max(MIN_QUEUE, 2 * delayOf(profile));
}

/** The longest one-way delay in microseconds. */
function delayOf(profile: LineProfile): number {
  return profile.latency + (profile.jitter ?? 0);
}

/**
 * The tbf of a line, or undefined without a rate. The limit holds the queue and the burst: tc-tbf(8) counts
 * the octets that wait for tokens.
 */
export function sizeTbf(profile: LineProfile): Tbf | undefined {
  if (profile.bandwidth === 0) return undefined;
  const rate = profile.bandwidth * 1000;
  const burst = asked(profile.burst) ?? burstOf(rate);
  const limit = Math.ceil(((rate / 8) * queueOf(profile)) / MICROSECONDS) + burst;
  return { rate, burst: Math.min(burst, UINT32_MAX), limit: Math.min(limit, UINT32_MAX) };
}

/**
 * The netem of a line, or undefined without a delay. Its limit holds what is on the way, half as much again
 * and the buffer, because tc-netem(8) drops whatever does not fit: the packets of the delay are in its queue.
 */
export function sizeNetem(profile: LineProfile): Netem | undefined {
  const delay = delayOf(profile);
  if (delay === 0) return undefined;
  const rate = profile.bandwidth === 0 ? LINE_RATE : profile.bandwidth * 1000;
  const onTheWay = Math.ceil((1.5 * (rate / 8) * (delay / MICROSECONDS)) / FRAME);
  const buffer = Math.ceil(((rate / 8) * (queueOf(profile) / MICROSECONDS)) / FRAME);
  const limit = asked(profile.limit) ?? Math.max(MIN_NETEM_LIMIT, onTheWay + buffer);
  return { latency: profile.latency, limit: Math.min(limit, UINT32_MAX) };
}

/**
 * The leaf of a class.
 *
 * @param access kbit/s of the machine's own line, 0 without a limit. A leaf gets no higher rate than its
 * machine's line: the queue of the line is then the leaf's, with the size of a router's buffer, instead of
 * the thousand packets an htb class has by itself.
 */
export function sizeLeaf(profile: LineProfile, access = 0): Leaf {
  const bandwidth =
    access === 0 || (profile.bandwidth !== 0 && profile.bandwidth <= access) ? profile.bandwidth : access;
  const sized = { ...profile, bandwidth };
  const tbf = sizeTbf(sized);
  const netem = sizeNetem(sized);
  return { ...(tbf === undefined ? {} : { tbf }), ...(netem === undefined ? {} : { netem }) };
}
