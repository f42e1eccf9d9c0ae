import type { Distribution } from './experiments.js';

/** How much is measured. */
export interface Plan {
  /** Bits per second of the links. */
  readonly rates: readonly number[];
  /** Bits per second of the links that get a burst. */
  readonly burstRates: readonly number[];
  /** Microseconds, one way. */
  readonly latencies: readonly number[];
  readonly repetitions: number;
  /** Pings of one repetition. */
  readonly pings: number;
  /** Runs of Table 2: the link's bits per second, and how many files go there and back. */
  readonly table2: readonly { readonly rate: number; readonly tasks: number }[];
  readonly distributions: readonly Distribution[];
  /** Of one repetition of a distribution. */
  readonly datagrams: number;
}

const [KBIT, MBIT] = [1e3, 1e6];
const MS = 1000;

export const FULL_PLAN: Plan = {
  rates: [256 * KBIT, 512 * KBIT, ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((rate) => rate * MBIT)],
  burstRates: [1, 5, 10, 20, 50].map((rate) => rate * MBIT),
  latencies: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].map((latency) => latency * MS),
  repetitions: 3,
  pings: 60,
  table2: [
    { rate: 1 * MBIT, tasks: 20 },
    { rate: 100 * MBIT, tasks: 20 },
  ],
  distributions: ['uniform', 'normal', 'pareto', 'paretonormal'],
  datagrams: 1200,
};

export const QUICK_PLAN: Plan = {
  rates: [1, 10, 100].map((rate) => rate * MBIT),
  burstRates: [10 * MBIT],
  latencies: [1, 20, 200].map((latency) => latency * MS),
  repetitions: 1,
  pings: 30,
  table2: [
    { rate: 1 * MBIT, tasks: 1 },
    { rate: 100 * MBIT, tasks: 20 },
  ],
  distributions: ['uniform', 'pareto'],
  datagrams: 800,
};
