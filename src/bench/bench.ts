/** What a bench may use. */
export interface BenchContext {
  /** How often each thing is measured; the median counts. */
  readonly repeat: number;
  /** A directory of the run, for files; gone when it ends. */
  readonly directory: string;
  /** Takes lines of progress. */
  readonly say: (line: string) => void;
}

/** One measured value, beside what it is held against in the same run. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Such as `s`, `ms`, `MiB` or `rows/s`. */
  readonly unit: string;
  /** The floor or the peer, in the same unit. */
  readonly beside?: { readonly what: string; readonly value: number };
  readonly bound?: Bound;
  /** What the value is the median of, in the order of their measuring. */
  readonly samples?: readonly number[];
  /** Whether the samples are in the table too, where how far they are apart says how much a difference means. */
  readonly isShown?: boolean;
}

/** What a value is held to, in its unit. Bounds that depend on the floor are computed of the floor of the same run. */
export interface Bound {
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Where the limit comes from: `2 × floor + 0.6 s`. */
  readonly words: string;
}

/** Something that can be measured by its name: `npm run bench -- NAME`. */
export interface Bench {
  readonly name: string;
  /** What it measures, as a heading. */
  readonly measures: string;
  /** Each figure as soon as it is measured. @throws NetmgrError if the rest could not be measured */
  run(context: BenchContext): AsyncIterable<Figure>;
}

/** Whether a figure keeps its bound; undefined if it has none. */
export function holds({ value, bound }: Figure): boolean | undefined {
  if (bound === undefined) return undefined;
  return value <= (bound.atMost ?? Infinity) && value >= (bound.atLeast ?? -Infinity);
}
