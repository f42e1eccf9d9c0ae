import { z } from 'zod';
import { DISTRIBUTIONS, PLACEMENTS, PROTOCOLS } from './experiments.js';

// All that is measured, one sample each. They come from a process in a lab or from a file, so they are checked.

const amount = z.number().nonnegative();
const count = z.number().int().nonnegative();
const placement = z.enum(PLACEMENTS);
const repetition = z.number().int().positive();

/** Round trips between two machines with nothing between them, in the same moments: what the machine does. */
const control = z.object({
  count,
  /** Milliseconds. */
  median: amount.nullable(),
  deviation: amount.nullable(),
  worst: amount.nullable(),
});

/** How late the kernel woke a program that comes before all others: what the machine does. */
const standstills = z.object({
  /** Milliseconds between two wake-ups, and how many there were. */
  interval: amount,
  cycles: count,
  /** Milliseconds, of each wake-up that was late by half a millisecond or more. */
  late: z.array(amount),
});

/** Data per second over a link. */
const throughput = z.object({
  kind: z.literal('throughput'),
  placement,
  protocol: z.enum(PROTOCOLS),
  /** Configured, bits per second. */
  rate: z.number().positive(),
  repetition,
  /** Bits per second of data that the receiver counted in each full second. */
  seconds: z.array(amount).min(1),
  standstills,
});

/** A train of datagrams, sent as fast as it goes to a link that was idle. */
const burst = z.object({
  kind: z.literal('burst'),
  placement,
  rate: z.number().positive(),
  repetition,
  sent: count,
  /** Octets of each datagram's frame. */
  frame: z.number().positive(),
  /** Microseconds of each arrival after the first datagram was sent. */
  arrivals: z.array(z.number()),
});

const roundTrips = z.object({
  kind: z.literal('round-trips'),
  placement,
  /** Configured, microseconds one way. */
  latency: z.number().positive(),
  repetition,
  sent: count,
  /** Milliseconds, of each that was answered, as ping prints it: with three digits. */
  times: z.array(amount).min(1),
  /** Of the same, and their standard deviation, in milliseconds with microseconds. */
  mean: amount,
  deviation: amount,
  control,
});

/** A file to a node of another site and back. */
const task = z.object({
  kind: z.literal('task'),
  rate: z.number().positive(),
  number: z.number().int().positive(),
  node: z.string().max(64),
  octets: z.number().positive(),
  /** Milliseconds. */
  sending: amount,
  receiving: amount,
  /** The file came back as it was sent. */
  intact: z.boolean(),
});

const delays = z.object({
  kind: z.literal('delays'),
  distribution: z.enum(DISTRIBUTIONS),
  /** Configured, microseconds. */
  latency: z.number().positive(),
  jitter: z.number().positive(),
  repetition,
  sent: count,
  /** Microseconds that a datagram takes without emulation; already subtracted. */
  base: z.number(),
  /** Microseconds. */
  delays: z.array(z.number()).min(1),
});

/** The table that the kernel draws from, in standard deviations; each value is as probable as any other. */
const table = z.object({
  kind: z.literal('table'),
  distribution: z.enum(DISTRIBUTIONS),
  values: z.array(z.number()).min(1),
});

const share = z.number().min(0).max(1);

const randomLoss = z.object({
  kind: z.literal('random-loss'),
  repetition,
  asked: share,
  rate: z.number().positive(),
  /** Segments that TCP sent, and packets that NetEm let pass and dropped. */
  segments: count,
  passed: count,
  dropped: count,
  /** Bits per second of data. */
  goodput: amount,
});

const burstLoss = z.object({
  kind: z.literal('burst-loss'),
  repetition,
  /** Gilbert-Elliott: from good to bad, and back. */
  p: share,
  r: share.positive(),
  sent: z.number().int().positive(),
  lost: count,
  /** Of each burst, in datagrams. */
  lengths: z.array(z.number().int().positive()),
});

export const sampleSchema = z.discriminatedUnion('kind', [
  ...[throughput, burst, roundTrips, task, delays, table, randomLoss, burstLoss],
] as const);

export type Sample = z.infer<typeof sampleSchema>;
export type Control = z.infer<typeof control>;
export type Standstills = z.infer<typeof standstills>;
export type RoundTrips = z.infer<typeof roundTrips>;

/** Those of one kind. */
export function samplesOf<K extends Sample['kind']>(
  samples: readonly Sample[],
  kind: K,
): Extract<Sample, { kind: K }>[] {
  return samples.filter((sample): sample is Extract<Sample, { kind: K }> => sample.kind === kind);
}
