import type { Link } from './link.js';

/** What happens to the packets of one line: what a link or an access says of it. */
export type Parameters = Partial<Omit<Link, 'from' | 'to' | 'direction'>>;

/** All parameters: first those of every line, then those of links alone. */
export const PARAMETERS = [
  ...['bandwidth', 'burst', 'queue', 'framing', 'latency', 'jitter', 'loss', 'duplicate', 'corrupt', 'state'],
  ...['latencyCorrelation', 'distribution', 'jitterReorders', 'lossCorrelation'],
  ...['gemodelP', 'gemodelR', 'gemodelBad', 'gemodelGood', 'reorder', 'reorderGap', 'limit'],
] as readonly (keyof Parameters)[];

/** Those of them that are given. */
export function givenParameters(line: Parameters): Parameters {
  const given = PARAMETERS.flatMap((name) => {
    const value = line[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** What is wrong with a jitter beyond the latency; undefined if it is not. */
export function jitterBeyondLatency({
  latency,
  jitter,
}: Parameters): { readonly message: string; readonly hint: string } | undefined {
  if (latency === undefined || jitter === undefined || jitter.microseconds <= latency.microseconds) {
    return undefined;
  }
  return {
    message: `the jitter ${jitter.toString()} is more than the latency ${latency.toString()}`,
    hint: 'Write a jitter up to the latency: no packet arrives before it was sent.',
  };
}
