import { ping } from '../../lab/prober/measure-rtt.js';
import { Duration } from '../../units/duration.js';
import { PLACEMENTS } from '../experiments.js';
import type { Plan } from '../plan.js';
import { isDisturbed } from '../disturbance.js';
import type { RoundTrips } from '../sample.js';
import { applyLinks, RECEIVERS, SENDER } from './stage.js';
import type { Teller } from './teller.js';
import { withControl } from './with-control.js';

/** Seconds between two pings. */
const INTERVAL = 0.1;

/** Round-trip times at each latency, within a host and between two. */
export async function measureLatency(real: string, plan: Plan, teller: Teller): Promise<void> {
  for (const latency of plan.latencies) {
    const words = Duration.ofMicroseconds(latency).toString();
    await applyLinks(real, `latency-${words}`, `latency="${words}"`);
    let undisturbed = 0;
    for (
      let repetition = 1;
      undisturbed < plan.repetitions && repetition <= 2 * plan.repetitions;
      repetition++
    ) {
      const samples = await measureOnce(latency, repetition, plan.pings);
      for (const sample of samples) teller.sample(sample);
      if (!samples.some(({ control }) => isDisturbed(control))) undisturbed++;
    }
  }
}

async function measureOnce(latency: number, repetition: number, count: number): Promise<RoundTrips[]> {
  const samples: RoundTrips[] = [];
  // One after the other: that a second ping starts takes the one CPU of a User-Mode Linux kernel for a tenth of a second.
  for (const placement of PLACEMENTS) {
    const to = RECEIVERS[placement].tcp.address;
    const { result, control } = await withControl(() => ping(SENDER.machine, to, count, INTERVAL));
    samples.push({ kind: 'round-trips', placement, latency, repetition, sent: count, ...result, control });
  }
  return samples;
}
