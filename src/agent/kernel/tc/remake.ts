import { ROOT } from './model.js';
import { numberOf, recordOf, recordsOf, textOf } from '../printed.js';

/** A root qdisc of somebody else as tc prints it, as JSON and for people: neither alone says everything. */
export interface PrintedRoot {
  readonly kind: string;
  readonly handle: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** What stands behind the handle, without the number of its users. */
  readonly words: string;
  /** Whether something that has a handle of its own hangs below it. */
  readonly hasChildren: boolean;
}

/** Kinds without classes that somebody could have filled, and whose printed options say all there is. */
const KINDS: ReadonlySet<string> = new Set([
  ...['pfifo', 'bfifo', 'pfifo_head_drop', 'pfifo_fast', 'tbf', 'netem'],
  ...['fq_codel', 'codel', 'fq', 'cake', 'pie'],
]);
const MICROSECONDS = 1_000_000;
/** Whether it is made of what tc's options are; anything else is nothing to be written into a batch. */
export const isRemake = (text: string): boolean => /^[\w.%:+ -]*$/.test(text);

/**
 * Reads `tc -j qdisc show dev DEVICE` and the same without `-j`.
 *
 * @returns undefined if there is no root qdisc, or the two do not agree
 */
export function parseRoot(json: string, text: string): PrintedRoot | undefined {
  const all = recordsOf(json);
  const root = all.find((record) => record['root'] === true);
  if (root === undefined) return undefined;
  const [kind, handle] = [textOf(root['kind']), textOf(root['handle'])];
  const start = `qdisc ${kind} ${handle} root `;
  const line = text.split('\n').find((one) => `${one} `.startsWith(start));
  if (line === undefined) return undefined;
  const others = all.filter((record) => record !== root && textOf(record['parent']) !== 'ffff:fff1');
  return {
    kind,
    handle,
    options: recordOf(root['options']),
    words: line
      .slice(start.length)
      .replace(/^refcnt \d+ ?/, '')
      .trim(),
    hasChildren: others.some((record) => textOf(record['handle']) !== '0:'),
  };
}

/** Whether two are alike in everything that tc says of them. */
export function sameRoot(a: PrintedRoot, b: PrintedRoot): boolean {
  return (
    a.kind === b.kind &&
    a.handle === b.handle &&
    a.words === b.words &&
    JSON.stringify(a.options) === JSON.stringify(b.options)
  );
}

/**
 * What may make the qdisc again, as `tc qdisc add … KIND` takes it; each is to be tried, since tc rounds what it
 * prints. Empty for what is not known to be told whole.
 */
export function remakeCandidates({ kind, handle, options, words, hasChildren }: PrintedRoot): string[] {
  // The kernel takes a qdisc of our own handle for a change of ours.
  if (hasChildren || !KINDS.has(kind) || handle === `${ROOT.toString(16)}:`) return [];
  return candidatesOf(kind, options, words).filter(isRemake);
}

function candidatesOf(kind: string, options: Readonly<Record<string, unknown>>, words: string): string[] {
  switch (kind) {
    case 'pfifo_fast':
      return [''];
    case 'tbf':
      return tbfCandidates(options, words);
    case 'netem':
      return netemCandidates(options, words);
    case 'fq_codel':
      // tc says only that it marks, which is the default.
      return [withoutUnits(/\becn\b/.test(words) ? words : `${words} noecn`)];
    default:
      return [withoutUnits(words)];
  }
}

/** A burst is kept as a time in ticks of 64 ns, and printed as octets rounded down from microseconds (tc-tbf(8)). */
function tbfCandidates(options: Readonly<Record<string, unknown>>, words: string): string[] {
  const octetsPerSecond = numberOf(options['rate']);
  const burst = numberOf(options['burst']);
  const perMicrosecond = Math.ceil(octetsPerSecond / MICROSECONDS);
  const peak = /\bpeakrate \S+ (?:minburst|mtu) \S+/.exec(words)?.[0] ?? '';
  return [0, 1, 2, 3, perMicrosecond, 2 * perMicrosecond].map((more) =>
    `rate ${String(octetsPerSecond * 8)}bit burst ${String(burst + more)} latency ${String(numberOf(options['lat']))}us ${peak}`.trim(),
  );
}

/**
 * A delay is rounded down to ticks of 64 ns, and printed in microseconds rounded down again. tc does not tell the
 * distribution of a jitter, so one with jitter cannot be made again.
 */
function netemCandidates(options: Readonly<Record<string, unknown>>, words: string): string[] {
  const printed = /\bdelay [\d.]+[mu]?s( {2})?/.exec(words);
  if (printed === null) return [withoutUnits(words)];
  if (printed[1] !== undefined) return [];
  const delay = Math.round(numberOf(recordOf(options['delay'])['delay']) * MICROSECONDS);
  return [0, 1].map((more) => withoutUnits(words.replace(printed[0], `delay ${String(delay + more)}us`)));
}

/** tc prints packets and octets with letters that it does not take. */
function withoutUnits(words: string): string {
  return words
    .replace(/\b((?:flow_)?limit \d+)[pb]\b/g, '$1')
    .replace(/\b((?:initial_)?quantum \d+)b\b/g, '$1')
    .replace(/\bbandwidth unlimited\b/g, 'unlimited')
    .replace(/\s+/g, ' ');
}
