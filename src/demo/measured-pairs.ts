import type { DemoContext } from './demo-context.js';
import { pairsOf, type Endpoint } from './endpoints.js';
import { isProxy, mayReach } from './expectation.js';

/** From one node to another. */
export type Pair = readonly [Endpoint, Endpoint];

/** The proxies of linked sites, each pair both ways. */
export function proxyPairs({ endpoints, virtual }: DemoContext): Pair[] {
  return pairsOf(endpoints).filter(
    ([from, to]) => from.site !== to.site && isProxy(from) && isProxy(to) && mayReach(virtual, from, to),
  );
}

/** Two nodes of one site that are no proxies, on one host if there are such: no physical line is between them. */
export function neighbourPair({ endpoints }: DemoContext): Pair | undefined {
  const pairs = pairsOf(endpoints).filter(([from, to]) => from.site === to.site);
  const plain = pairs.filter(([from, to]) => !isProxy(from) && !isProxy(to));
  return plain.find(([from, to]) => from.host === to.host) ?? plain[0] ?? pairs[0];
}

/** The address by which a node is measured. */
export function addressOf({ ipv4, ipv6 }: Endpoint): string {
  return ipv4[0] ?? ipv6[0] ?? '';
}

export function nameOf([from, to]: Pair): string {
  return `${from.machine} to ${to.machine}`;
}

/** A value measured for a pair, and what the file says of it. */
export interface Measured {
  readonly pair: Pair;
  /** Undefined where the file sets no limit. */
  readonly wanted: number | undefined;
  readonly value: number;
}

const REPETITIONS = 2;

/**
 * Measures again, one after the other, what is off: other work of the machine disturbs a measurement, but makes no wrong
 * network right. Says so on the screen.
 */
export async function repeatWhatIsOff(
  { screen }: DemoContext,
  all: readonly Measured[],
  isOff: (one: Measured) => boolean,
  measure: (pair: Pair) => Promise<number>,
): Promise<Measured[]> {
  const result: Measured[] = [];
  for (const one of all) {
    let last = one;
    for (let i = 0; i < REPETITIONS && isOff(last); i += 1) {
      const value = await measure(one.pair);
      screen.line(
        `Measured again: ${nameOf(one.pair)}, ${last.value.toFixed(3)} before, ${value.toFixed(3)} now.`,
      );
      last = { ...one, value };
    }
    result.push(last);
  }
  return result;
}
