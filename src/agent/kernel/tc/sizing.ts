import type { ProfileRow } from '../../../mib/profile-table.js';
import { UINT32_MAX } from '../../../mib/syntax.js';
import { gilbertOf } from '../../../units/gilbert.js';
import type { Jitter, Leaf, Loss, Netem, Splitter, Tbf } from './model.js';
import { limitOf } from './netem-text.js';

/** Octets of a full Ethernet frame as tc counts it: 1500 and the 14 of the header, without the checksum. */
export const FRAME = 1514;
/** The header of a frame and a VLAN tag, octets (IEEE 802.3 section 3.2.7). */
const LONGEST_HEADER = 18;
const USUAL_MTU = 1500;
/** The header of a frame as tc counts it, octets. */
const HEADER = 14;
/** The smallest burst, frames. */
const FEWEST_FRAMES = 4;
/** The longest super-packet of Linux, octets: a burst that has room for it and more needs it not cut. */
const LONGEST_SUPER_PACKET = 65_536;
/** The share of a second that a burst lasts at the link's rate: 2 ms. */
const BURSTS_PER_SECOND = 500;
/** The shortest default buffer, microseconds. */
const MIN_QUEUE = 50_000;
const MIN_NETEM_LIMIT = 1000;
/** The largest, with room for what {@link limitOf} adds. */
const MAX_NETEM_LIMIT = UINT32_MAX - 3;
/** What a vif carries at most where no rate is set, bit/s: it sizes netem's queue only. */
const LINE_RATE = 10_000_000_000;
const MICROSECONDS = 1_000_000;
const ALL = 1_000_000;
/** How many times its jitter a delay that is not uniform varies at most: what tc's tables of distributions hold. */
const WIDEST = 4;

/** A line as it is asked for, in the words and units of a profile. 0 or nothing lets this module choose. */
export type LineProfile = Pick<ProfileRow, 'bandwidth' | 'latency'> &
  Partial<Omit<ProfileRow, 'index' | 'name'>>;

/**
 * The octets that may leave at once: 2 ms at the rate, and four frames at least. tc-tbf(8): the burst must hold what
 * arrives between two ticks of the timer, or the rate is not reached; the larger it is, the more passes at line speed.
 *
 * @param rate bits per second
 * @param mtu octets
 */
export function burstOf(rate: number, mtu = USUAL_MTU): number {
  return Math.max(FEWEST_FRAMES * frameOf(mtu), Math.ceil(rate / 8 / BURSTS_PER_SECOND));
}

/** Octets of a full frame, which tc counts at least as those of the usual MTU. */
const frameOf = (mtu: number): number => Math.max(FRAME, mtu + HEADER);

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
function delayOf({ latency, jitter = 0, distribution = 'uniform' }: LineProfile): number {
  return latency + jitter * (distribution === 'uniform' ? 1 : WIDEST);
}

/** Octets that may wait for the rate. */
function bufferOf(profile: LineProfile, rate: number): number {
  const packets = asked(profile.queuePackets);
  const octets = asked(profile.queueOctets) ?? (packets === undefined ? undefined : packets * FRAME);
  return octets ?? Math.ceil(((rate / 8) * queueOf(profile)) / MICROSECONDS);
}

/**
 * The tbf of a line, or undefined without a rate. The limit holds the queue and the burst: tc-tbf(8) counts
 * the octets that wait for tokens. A super-packet as long as the burst would need all of its tokens at once, and all that
 * come while the timer is late would be lost: the rate is not reached. So it is cut, where its packets leave room.
 *
 * @param mtu octets, of the vif
 */
export function sizeTbf(profile: LineProfile, mtu = USUAL_MTU): Tbf | undefined {
  if (profile.bandwidth === 0) return undefined;
  const rate = profile.bandwidth * 1000;
  const burst = asked(profile.burst) ?? burstOf(rate, mtu);
  const limit = bufferOf(profile, rate) + burst;
  return {
    rate,
    burst: Math.min(burst, UINT32_MAX),
    limit: Math.min(limit, UINT32_MAX),
    ...(burst >= FEWEST_FRAMES * frameOf(mtu) && burst < LONGEST_SUPER_PACKET ? { splits: true } : {}),
    ...(profile.framing === 'ethernet' ? { wire: true } : {}),
  };
}

/**
 * The netem of a line, or undefined where it does nothing but limit the rate. Its limit holds what is on the way, half
 * as much again and the buffer, because tc-netem(8) drops whatever does not fit: the packets of the delay are in its
 * queue.
 */
export function sizeNetem(profile: LineProfile): Netem | undefined {
  const delay = delayOf(profile);
  const fate = fateOf(profile);
  const jitter = jitterOf(profile);
  if (delay === 0 && Object.keys(fate).length === 0) return undefined;
  const rate = profile.bandwidth === 0 ? LINE_RATE : profile.bandwidth * 1000;
  const onTheWay = Math.ceil((1.5 * (rate / 8) * (delay / MICROSECONDS)) / FRAME);
  const buffer = Math.ceil(bufferOf(profile, rate) / FRAME);
  const least = asked(profile.limit) ?? Math.max(MIN_NETEM_LIMIT, onTheWay + buffer);
  const limit = Math.min(least, MAX_NETEM_LIMIT);
  return {
    latency: profile.latency,
    ...(jitter === undefined ? { limit } : { jitter, limit: limitOf(limit, jitter) }),
    ...fate,
  };
}

function jitterOf({
  jitter = 0,
  distribution = 'uniform',
  jitterReorders: reorders = false,
}: LineProfile): Jitter | undefined {
  return jitter === 0 ? undefined : { jitter, distribution, reorders };
}

/** What becomes of packets beside their delay. */
function fateOf(profile: LineProfile): Pick<Netem, 'loss' | 'duplicate' | 'reorder' | 'corrupt'> {
  const { duplicate = 0, reorder = 0, reorderGap = 0, corrupt = 0 } = profile;
  const loss = lossOf(profile);
  return {
    ...(loss === undefined ? {} : { loss }),
    ...(duplicate === 0 ? {} : { duplicate }),
    // tc-netem(8): without a gap each packet may go ahead.
    ...(reorder === 0 ? {} : { reorder: { share: reorder, gap: Math.max(1, reorderGap) } }),
    ...(corrupt === 0 ? {} : { corrupt }),
  };
}

function lossOf(profile: LineProfile): Loss | undefined {
  if (profile.lossModel === 'gemodel') {
    const { gemodelP: p = 0, gemodelR: r = ALL, gemodelBad: bad = ALL, gemodelGood: good = 0 } = profile;
    return { model: 'gemodel', p, r, bad, good };
  }
  const { loss: share = 0, lossCorrelation: correlation = 0 } = profile;
  if (share === 0) return undefined;
  if (correlation === 0) return { model: 'random', share };
  // What netem itself calls a correlation loses another share than the one that is asked for.
  return { model: 'gemodel', ...gilbertOf(share, correlation), bad: ALL, good: 0 };
}

/** What cuts super-packets where each packet has a fate of its own. A delay that is the same for all needs it not. */
function sizeSplitter(netem: Netem | undefined, mtu: number): Splitter | undefined {
  if (netem === undefined) return undefined;
  const { jitter, loss, duplicate, reorder, corrupt } = netem;
  const isSame = [jitter, loss, duplicate, reorder, corrupt].every((one) => one === undefined);
  return isSame ? undefined : { longest: mtu + LONGEST_HEADER };
}

/** A link that is down. */
const CUT: Leaf = {
  netem: { latency: 0, loss: { model: 'random', share: ALL }, limit: MIN_NETEM_LIMIT },
};

/**
 * The leaf of a class.
 *
 * @param access kbit/s of the machine's own line, 0 without a limit. A leaf gets no higher rate than its
 * machine's line: the queue of the line is then the leaf's, with the size of a router's buffer, instead of
 * the thousand packets an htb class has by itself.
 * @param mtu octets, of the vif
 */
export function sizeLeaf(profile: LineProfile, access = 0, mtu = USUAL_MTU): Leaf {
  if (profile.state === 'down') return CUT;
  const bandwidth =
    access === 0 || (profile.bandwidth !== 0 && profile.bandwidth <= access) ? profile.bandwidth : access;
  const sized = { ...profile, bandwidth };
  const tbf = sizeTbf(sized, mtu);
  const netem = sizeNetem(sized);
  const splitter = sizeSplitter(netem, mtu);
  return {
    ...(splitter === undefined ? {} : { splitter }),
    ...(netem === undefined ? {} : { netem }),
    ...(tbf === undefined ? {} : { tbf }),
  };
}
