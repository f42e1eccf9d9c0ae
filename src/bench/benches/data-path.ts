import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NetmgrError } from '../../errors.js';
import { IPERF3_PORT, sender } from '../../iperf3/arguments.js';
import { readReport } from '../../iperf3/report.js';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import { applyStep } from '../lab/netmgr-steps.js';
import type { Step } from '../lab/step.js';
import { writeReal } from '../network/environment.js';
import { trafficNetwork, writeTraffic, type Machine, type TrafficNetwork } from '../network/traffic.js';

/** Links that end at the vifs that are measured. */
const COUNTS = [0, 1, 10, 250, 1000] as const;
/** More often than other things: what else the machine does comes and goes within seconds. */
const ROUNDS = 5;
/** Seconds for which is sent; in the first one the sender finds its rate. */
const SECONDS = 2;
/** Milliseconds between probes, and how many. */
const [PACE, PROBES] = [5, 200] as const;
/** bit/s from which on a vif may cost a share of what an unshaped one carries. */
const FAST = 10e9;
const DEAREST = 0.25;

/** One way through the host: from one machine to another. */
interface Way {
  readonly what: string;
  readonly from: Machine;
  readonly to: Machine;
}

/** What was measured on a way, round by round. */
interface Measured {
  readonly what: string;
  /** bit/s. */
  readonly rates: readonly number[];
  /** Microseconds, there and back. */
  readonly delays: readonly number[];
}

/** What it costs traffic that its vif has links from others, of which none sends. */
export const dataPath: Bench = {
  name: 'data-path',
  measures: 'one TCP connection to a vif with idle links, and pings',
  async *run(context) {
    yield* await measure(context);
  },
};

async function measure({ directory, repeat, say }: BenchContext): Promise<Figure[]> {
  const network = trafficNetwork(COUNTS);
  const real = await writeReal(directory, network, network.isApart);
  const virtual = await writeTraffic(join(directory, 'virtual.xml'), network);
  const ways = waysIn(network);
  const rounds = ROUNDS * repeat;
  const file = (kind: string, round: number, place: number): string =>
    join(directory, `${kind}-${String(round)}-${String(place)}`);
  // Each round begins with another one: none is always measured after the same other.
  const orders = Array.from({ length: rounds }, (_, round) =>
    ways.map((_way, n) => (n + round) % ways.length),
  );
  const steps = orders.flatMap((order, round) =>
    order.flatMap((place): Step[] => {
      const way = ways[place];
      if (way === undefined) return [];
      return [
        inMachine(way.from.name, sendTo(way.to), file('iperf3', round, place)),
        inMachine(way.from.name, probe(way.to), file('fping', round, place)),
      ];
    }),
  );
  say(`data-path: ${String(rounds)} rounds`);
  await inLab({ directory, real, agents: true }, [
    ...addresses(ways),
    applyStep(real, virtual),
    ...ways.map(({ to }) => inMachine(to.name, ['iperf3', '-s', '-D', '-p', String(IPERF3_PORT)])),
    ...steps,
  ]);
  const measured: Measured[] = [];
  for (const [place, way] of ways.entries()) {
    const [rates, delays]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      rates.push(rateIn(await readFile(file('iperf3', round, place), 'utf8')));
      delays.push(delayIn(await readFile(file('fping', round, place), 'utf8')));
    }
    measured.push({ what: way.what, rates, delays });
  }
  return figuresOf(measured);
}

function waysIn({ receivers, sender: from, unshaped: [first, second] }: TrafficNetwork): Way[] {
  return [
    { what: 'an unshaped vif', from: first, to: second },
    ...[...receivers].map(([count, to]): Way => ({
      ...{ what: count === 1 ? '1 link' : `${count.toLocaleString('en-GB')} links`, from, to },
    })),
  ];
}

/** Steps that give the machines their addresses: netmgr is told that the guests do that themselves. */
function addresses(ways: readonly Way[]): Step[] {
  const machines = [...new Set(ways.flatMap(({ from, to }) => [from, to]))];
  return machines.map((machine): Step => ({
    argv: ['ip', '-n', machine.name, 'address', 'add', `${machine.address}/16`, 'dev', 'eth0'],
  }));
}

const inMachine = (name: string, argv: readonly string[], stdout?: string): Step => ({
  argv: ['ip', 'netns', 'exec', name, ...argv],
  ...(stdout === undefined ? {} : { stdout }),
});

const sendTo = ({ address }: Machine): string[] =>
  sender({ address, port: IPERF3_PORT, seconds: SECONDS, connectTimeout: 5000 });

const probe = ({ address }: Machine): string[] => [
  ...['fping', '-C', String(PROBES), '-p', String(PACE), address],
];

/** bit/s in a report of iperf3. */
function rateIn(json: string): number {
  const { intervals, error } = readReport(json);
  if (error !== undefined) throw notMeasured(error);
  const later = intervals.slice(1);
  const [octets, seconds] = [later.map((one) => one.octets), later.map((one) => one.seconds)];
  return (8 * sum(octets)) / sum(seconds);
}

/** The median of the microseconds in lines such as `10.1.0.1 : [0], 64 bytes, 0.052 ms (0.052 avg, 0% loss)`. */
function delayIn(text: string): number {
  const delays = [...text.matchAll(/ ([\d.]+) ms \(/g)].map(
    ([, milliseconds]) => Number(milliseconds) * 1000,
  );
  if (delays.length < PROBES / 2) throw notMeasured(`fping got ${String(delays.length)} answers`);
  return median(delays);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const notMeasured = (message: string): NetmgrError => new NetmgrError({ kind: 'CommandFailed', message });

function figuresOf([unshaped, ...shaped]: readonly Measured[]): Figure[] {
  if (unshaped === undefined) return [];
  const plain = median(unshaped.rates);
  const least = { atLeast: ((1 - DEAREST) * plain) / 1e9, words: '75 % of what an unshaped vif carries' };
  const [one, most] = [shaped.find(({ what }) => what === '1 link'), shaped.at(-1)];
  return [
    rate(unshaped),
    ...shaped.map((way): Figure => ({
      ...rate(way),
      beside: { what: 'an unshaped vif', value: plain / 1e9 },
      ...(plain > FAST ? { bound: least } : {}),
    })),
    ...(one === undefined || most === undefined
      ? []
      : [
          {
            ...{ ...rate(most), samples: [] },
            beside: { what: 'a vif with 1 link', value: median(one.rates) / 1e9 },
            bound: { atLeast: Math.min(...one.rates) / 1e9, words: 'the slowest round with 1 link' },
          },
        ]),
    delay(unshaped),
    ...shaped.map((way): Figure => ({
      ...delay(way),
      beside: { what: 'an unshaped vif', value: median(unshaped.delays) },
    })),
  ];
}

function rate({ what, rates }: Measured): Figure {
  const samples = rates.map((bits) => bits / 1e9);
  return { what: `${what}: TCP`, value: median(samples), unit: 'Gb/s', samples, isShown: true };
}

function delay({ what, delays }: Measured): Figure {
  return { what: `${what}: ping`, value: median(delays), unit: 'µs', samples: delays, isShown: true };
}
