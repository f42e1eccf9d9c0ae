import { measureThroughput } from '../lab/prober/measure-throughput.js';
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
import { roundsOf } from './rounds.js';
import { showMeasuredLink } from './show-measured-link.js';

// 1448 bytes of payload in each frame of 1514, with TCP's time stamps.
const GOODPUT = 1448 / 1514;
const SECONDS = 14;
const UNLIMITED_SECONDS = 7;
const MOST_ERROR = 0.02;

/**
 * Measures TCP throughput between the proxies of linked sites and within a site.
 *
 * @returns the worst error as a share of 1; undefined if the file limits nothing
 */
export async function measureBandwidth(context: DemoContext): Promise<number | undefined> {
  const { screen } = context;
  screen.heading(`TCP throughput in Mbit/s, ${String(SECONDS)} s each`);
  const links = await repeatWhatIsOff(context, await measureLinks(context), isOff, megabits);
  const inside = neighbourPair(context);
  const neighbours =
    inside === undefined
      ? []
      : [{ pair: inside, wanted: undefined, value: await megabits(inside, UNLIMITED_SECONDS) }];
  screen.table([
    ['from', 'to', 'configured', 'TCP at best', 'measured', 'error'],
    ...[...links, ...neighbours].map(rowOf),
  ]);
  screen.line('TCP at best: 1448 bytes of payload in each frame of 1514 bytes.');
  for (const { pair, wanted = 0, value } of links.filter(isOff)) {
    screen.wrong(`${nameOf(pair)}: ${value.toFixed(3)} Mbit/s instead of ${wanted.toFixed(3)}`);
  }
  const errors = links.filter(({ wanted }) => wanted !== undefined).map((one) => Math.abs(errorOf(one)));
  return errors.length === 0 ? undefined : Math.max(...errors);
}

async function measureLinks(context: DemoContext): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [number, round] of roundsOf(proxyPairs(context)).entries()) {
    const [first] = round;
    const [values] = await Promise.all([
      Promise.all(round.map((pair) => megabits(pair))),
      number === 0 && first !== undefined ? showMeasuredLink(context, first) : undefined,
    ]);
    round.forEach((pair, i) => {
      const { bandwidth } = wantedPath(context.virtual, ...pair);
      const wanted = bandwidth === undefined ? undefined : (bandwidth * GOODPUT) / 1e6;
      measured.push({ pair, wanted, value: values[i] ?? 0 });
    });
  }
  return measured;
}

async function megabits(pair: Pair, seconds = SECONDS): Promise<number> {
  const [from, to] = pair;
  return (
    (await measureThroughput({ from: from.machine, to: to.machine, address: addressOf(to) }, seconds)) / 1e6
  );
}

function errorOf({ wanted, value }: Measured): number {
  return wanted === undefined ? 0 : value / wanted - 1;
}

function isOff(one: Measured): boolean {
  return Math.abs(errorOf(one)) > MOST_ERROR;
}

function rowOf(one: Measured): string[] {
  const {
    pair: [from, to],
    wanted,
    value,
  } = one;
  const names = [from.machine, to.machine];
  if (wanted === undefined) return [...names, 'unlimited', '', value.toFixed(3), ''];
  return [
    ...[...names, (wanted / GOODPUT).toFixed(3), wanted.toFixed(3), value.toFixed(3)],
    `${(errorOf(one) * 100).toFixed(2)} %`,
  ];
}
