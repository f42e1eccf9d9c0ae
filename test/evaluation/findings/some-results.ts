import type { Results } from '../../../src/evaluation/results.js';
import { mean, standardDeviation } from '../../../src/statistics/summary.js';
import type { Control, Sample, Standstills } from '../../../src/evaluation/sample.js';

export const QUIET: Control = { count: 100, median: 0.1, deviation: 0.02, worst: 0.3 };
export const STILL: Control = { count: 100, median: 0.1, deviation: 3, worst: 40 };

export const AWAKE: Standstills = { interval: 5, cycles: 2000, late: [0.6, 0.9] };
/** At 1 Mbit/s, where a burst lasts 48 ms, 12 ms of ten seconds are missed. */
export const STALLED: Standstills = { interval: 5, cycles: 2000, late: [60.448] };

/** Data over a local link by TCP. */
export function throughput(rate: number, goodput: number, standstills = AWAKE, repetition = 1): Sample {
  const seconds = [goodput, goodput];
  return { kind: 'throughput', placement: 'local', protocol: 'tcp', rate, repetition, seconds, standstills };
}

/** Round trips over a local link. */
export function roundTrips(latency: number, times: number[], control = QUIET, repetition = 1): Sample {
  return {
    ...{ kind: 'round-trips', placement: 'local', latency, repetition, sent: times.length, times, control },
    ...{ mean: mean(times), deviation: standardDeviation(times) },
  };
}

/** A sample of each kind, as exact as can be. */
export function exactSamples(): Sample[] {
  const count = 500;
  return [
    throughput(1e6, (1e6 * 1448) / 1514),
    {
      ...{ kind: 'burst', placement: 'local', rate: 1e6, repetition: 1, sent: 5, frame: 1514 },
      arrivals: [0, 0, 0, 0, 12_112],
    },
    roundTrips(20_000, [40, 40.1, 40.05]),
    ...[1, 2].map((number) => ({
      ...{ kind: 'task' as const, rate: 1e6, number, node: 'vmgrid201', octets: 1e6 },
      ...{ sending: 8400, receiving: 8400, intact: true },
    })),
    { kind: 'table', distribution: 'normal', values: [-1, 0, 1] },
    {
      ...{ kind: 'delays', distribution: 'uniform', latency: 50_000, jitter: 10_000, repetition: 1 },
      ...{
        sent: count,
        base: 100,
        delays: Array.from({ length: count }, (_, i) => 40_000 + (i * 20_000) / count),
      },
    },
    {
      ...{ kind: 'random-loss', repetition: 1, asked: 0.01, rate: 1e8, goodput: 5e7 },
      ...{ segments: 10_000, passed: 9900, dropped: 100 },
    },
    {
      ...{ kind: 'burst-loss', repetition: 1, p: 0.02, r: 0.2, sent: 1100, lost: 100 },
      lengths: Array.from({ length: 20 }, () => 5),
    },
  ];
}

/** Results of a run that had these samples. */
export function resultsOf(samples: Sample[], more: Partial<Results> = {}): Results {
  return {
    ...{ format: 'netmgr-evaluation-1', begun: '2026-01-01T00:00:00.000Z', netmgr: '0.1.0', node: '20.19.0' },
    ...{ machine: '2 × a processor', kernel: '6.18', quick: false },
    parts: (['bandwidth', 'latency', 'table2', 'jitter', 'loss'] as const).map((experiment) => ({
      ...{ experiment, seconds: 60, kernel: '6.1' },
    })),
    samples,
    ...more,
  };
}
