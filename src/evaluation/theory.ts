// What a link can carry, from the sizes of headers alone.

/** Octets of an IP packet on Ethernet, of its headers, and of the Ethernet header, which tc counts. */
const MTU = 1500;
const ETHERNET = 14;
const IPV4 = 20;
const UDP = 8;
/** With time stamps (RFC 7323), which Linux sends by default: ten octets, and two to fill up a word. */
const TCP = 20 + 12;

/** Octets of a full frame as tc counts it: without preamble, check sum and gap. */
export const FRAME = MTU + ETHERNET;

/** Octets of data in a full frame. */
export const DATA = { tcp: MTU - IPV4 - TCP, udp: MTU - IPV4 - UDP } as const;

/** The share of a link's rate that is data in full frames: (1500 - 20 - 20 - 12) / (1500 + 14) = 95.64 % for TCP. */
export const GOODPUT = { tcp: DATA.tcp / FRAME, udp: DATA.udp / FRAME } as const;

/** The most octets that may pass at once: two milliseconds at the rate, and four full frames at least. */
export function mostBurst(bitsPerSecond: number): number {
  return Math.max(4 * FRAME, (bitsPerSecond / 8) * 0.002);
}

/** Milliseconds for which a link of a rate makes good that nothing was sent: what its burst lasts. */
export function burstTime(bitsPerSecond: number): number {
  return (mostBurst(bitsPerSecond) * 8000) / bitsPerSecond;
}

/** Milliseconds that a file's data needs on a link, by TCP. */
export function transferTime(octets: number, bitsPerSecond: number): number {
  return (octets * 8 * 1000) / (bitsPerSecond * GOODPUT.tcp);
}

/**
 * The most octets that were there at once, as seen by the receiver: what had arrived by a moment, less what the rate
 * lets pass until then. An arrival is seen late but never early, so that a busy machine makes this smaller, not larger.
 *
 * @param arrivals microseconds after the first was sent
 */
export function burstOf(arrivals: readonly number[], frame: number, bitsPerSecond: number): number {
  return arrivals.reduce((most, at, i) => Math.max(most, (i + 1) * frame - (at * bitsPerSecond) / 8e6), 0);
}
