import { measureRtt } from '../lab/prober/measure-rtt.js';
import type { DemoContext } from './demo-context.js';
import { wantedPath } from './expectation.js';
import {
  addressOf,
  nameOf,
  neighbourPair,
  proxyPairs,
  repeatWhatIsOff,
  type Measured,
  type Pair,
} from './measured-pairs.js';

/** What the kernel's clock and the way through it may add: milliseconds, and a share of what is wanted. */
const MOST_ERROR = { milliseconds: 0.5, ratio: 0.01 };

/**
 * Measures round-trip times between the proxies of linked sites and within a site.
 *
 * @returns the worst error in milliseconds; undefined if there is nothing to measure
 */
export async function measureLatency(context: DemoContext): Promise<number | undefined> {
  const { screen, virtual } = context;
  screen.heading('Round-trip times in ms, 20 pings each');
  const inside = neighbourPair(context);
  const pairs = [...proxyPairs(context), ...(inside === undefined ? [] : [inside])];
  const values = await Promise.all(pairs.map(roundTrip));
  const first = pairs.map((pair, i) => {
    const [from, to] = pair;
    const oneWay = [wantedPath(virtual, from, to), wantedPath(virtual, to, from)];
    const wanted = oneWay.reduce((sum, { latency }) => sum + latency.microseconds, 0) / 1000;
    return { pair, wanted, value: values[i] ?? 0 };
  });
  const measured = await repeatWhatIsOff(context, first, isOff, roundTrip);
  screen.table([
    ['from', 'to', 'configured', 'measured', 'error'],
    ...measured.map((one) => [
      ...one.pair.map(({ machine }) => machine),
      ...[(one.wanted ?? 0).toFixed(2), one.value.toFixed(2), errorOf(one).toFixed(2)],
    ]),
  ]);
  screen.line('Configured: the latency of the link there and back.');
  for (const { pair, wanted = 0, value } of measured.filter(isOff)) {
    screen.wrong(`${nameOf(pair)}: ${value.toFixed(2)} ms instead of ${wanted.toFixed(2)}`);
  }
  return measured.length === 0 ? undefined : Math.max(...measured.map((one) => Math.abs(errorOf(one))));
}

function roundTrip([from, to]: Pair): Promise<number> {
  return measureRtt(from.machine, addressOf(to));
}

function errorOf({ wanted = 0, value }: Measured): number {
  return value - wanted;
}

function isOff(one: Measured): boolean {
  return Math.abs(errorOf(one)) > MOST_ERROR.milliseconds + MOST_ERROR.ratio * (one.wanted ?? 0);
}
