import { highestCorrelation } from '../../units/gilbert.js';
import { Ratio } from '../../units/ratio.js';
import { attributeOf } from './attribute-names.js';
import type { Link } from './link.js';

/** What happens to the packets of one line: what a link or an access says of it. */
export type Parameters = Partial<Omit<Link, 'from' | 'to' | 'direction'>>;

/** All parameters: first those of every line, then those of links alone. */
export const PARAMETERS = [
  ...['bandwidth', 'burst', 'queue', 'framing', 'latency', 'jitter', 'loss', 'duplicate', 'corrupt', 'state'],
  ...['distribution', 'jitterReorders', 'lossCorrelation'],
  ...['gemodelP', 'gemodelR', 'gemodelBad', 'gemodelGood', 'reorder', 'reorderGap', 'limit'],
] as readonly (keyof Parameters)[];

/** Those of them that are given. */
export function givenParameters(line: Parameters): Parameters {
  const given: Record<string, unknown> = {};
  // Without lists in between: each link of an environment comes by here several times.
  for (const name of PARAMETERS) {
    const value = line[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}

/** The same text for the same parameters and for no others. It is for maps, not for people. */
export function parametersText(line: Parameters): string {
  let text = '';
  for (const name of PARAMETERS) {
    const value = line[name];
    if (value !== undefined) text += `${name} ${String(value)}\n`;
  }
  return text;
}

/** `10mbit`, `20ms`, and of whatever else is given the attribute with its value, as the files write them. */
export function parameterWords(line: Parameters): string[] {
  const { bandwidth, latency, ...others } = line;
  const named = Object.entries(givenParameters(others)).map(
    ([name, value]) => `${attributeOf(name)} ${String(value)}`,
  );
  const alone = [bandwidth, latency].flatMap((value) => (value === undefined ? [] : [value.toString()]));
  return [...alone, ...named];
}

/** What is wrong, and what to write instead. */
interface Wrong {
  readonly message: string;
  readonly hint: string;
}

/** What is wrong with a jitter beyond the latency; undefined if it is not. */
export function jitterBeyondLatency({ latency, jitter }: Parameters): Wrong | undefined {
  if (latency === undefined || jitter === undefined || jitter.microseconds <= latency.microseconds) {
    return undefined;
  }
  return {
    message: `the jitter ${jitter.toString()} is more than the latency ${latency.toString()}`,
    hint: 'Write a jitter up to the latency: no packet arrives before it was sent.',
  };
}

/** What is wrong with a correlation that losses of the share cannot have; undefined if they can. */
export function correlationBeyondLoss({ loss, lossCorrelation }: Parameters): Wrong | undefined {
  if (loss === undefined || loss.partsPerMillion === 0 || lossCorrelation === undefined) return undefined;
  const highest = Ratio.ofPartsPerMillion(highestCorrelation(loss.partsPerMillion));
  if (lossCorrelation.partsPerMillion <= highest.partsPerMillion) return undefined;
  return {
    message: `a loss of ${loss.toString()} cannot have the correlation ${lossCorrelation.toString()}`,
    hint:
      highest.partsPerMillion === 0 ? 'Remove loss-correlation.' : `The nearest is ${highest.toString()}.`,
  };
}
