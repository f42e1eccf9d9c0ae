/** One command in a lab, timed from its start to its end. */
export interface Step {
  readonly argv: readonly [string, ...string[]];
  /** A file that is its standard input. */
  readonly stdin?: string;
  /** A file that its standard output goes to. */
  readonly stdout?: string;
  /** Exit codes that are no failure. Default: 0 alone. */
  readonly accept?: readonly number[];
}

/** What is to be done in a lab. */
export interface LabOrder {
  readonly steps: readonly Step[];
  /** The file for the outcome. */
  readonly outcome: string;
}

/** What a lab has done: the seconds of each step, or why not all of them were done. */
export interface LabOutcome {
  readonly seconds: readonly number[];
  readonly failure?: string;
}
