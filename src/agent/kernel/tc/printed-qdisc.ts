import { recordOf, textOf } from '../printed.js';

/** One qdisc of `tc -s -r -j qdisc show`. */
export interface PrintedQdisc {
  readonly kind: string;
  readonly handle: string;
  readonly dev: string;
  readonly parent?: string;
  readonly root?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<Record<string, unknown>>;
}

/** tc repeats the key "match" for each word of an address; a number makes the keys different. */
export function numberMatches(line: string): string {
  let count = 0;
  return line.replaceAll('"match":{', () => `"match${String(count++)}":{`);
}

export function printedQdisc(record: Record<string, unknown>): PrintedQdisc {
  return {
    kind: textOf(record['kind']),
    handle: textOf(record['handle']),
    dev: textOf(record['dev']),
    ...(typeof record['parent'] === 'string' ? { parent: record['parent'] } : {}),
    ...(record['root'] === true ? { root: true } : {}),
    options: recordOf(record['options']),
    counters: record,
  };
}
