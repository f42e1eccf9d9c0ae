import { Command, InvalidArgumentError, Option } from 'commander';
import { NetmgrError } from '../errors.js';
import type { LabKernel } from '../lab/control/message.js';
import { BitRate } from '../units/bit-rate.js';
import { Duration } from '../units/duration.js';
import { EXPERIMENTS, type Experiment } from './experiments.js';
import { FULL_PLAN, QUICK_PLAN, type Plan } from './plan.js';

/** What the user asked for. */
export interface EvaluationOptions {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  readonly quick: boolean;
  /** Of the report. */
  readonly out: string;
  /** Build the report from this file instead of measuring. */
  readonly from: string | undefined;
  readonly json: boolean;
  /** `auto`: this machine's for what it can do. */
  readonly kernel: LabKernel | 'auto';
}

interface Flags {
  readonly quick?: true;
  readonly only?: readonly Experiment[];
  readonly repetitions?: number;
  readonly rates?: readonly number[];
  readonly latencies?: readonly number[];
  readonly out: string;
  readonly from?: string;
  readonly json?: true;
  readonly kernel: LabKernel | 'auto';
}

const EXAMPLES = `
The exit code is 0 if all bounds hold, and 1 if not or if something could not be measured.

Examples:
  $ npm run evaluation
  $ npm run evaluation -- --quick --only bandwidth,latency
  $ npm run evaluation -- --rates 1mbit,2.5mbit --only bandwidth --repetitions 5
  $ npm run evaluation -- --from netmgr-evaluation/results.json`;

/** @throws CommanderError for wrong arguments, and after --help */
export function readOptions(argv: readonly string[]): EvaluationOptions {
  const command = new Command('npm run evaluation --')
    .description("Measure in a lab what the paper's section 5 measured, and write a report.")
    .option('--quick', 'a sample, in a few minutes')
    .option('--only <experiments>', `of ${EXPERIMENTS.join(', ')}, with commas`, list(experiment))
    .option('--repetitions <n>', `of each measurement (${String(FULL_PLAN.repetitions)})`, wholeNumber)
    .option('--rates <list>', 'bandwidths to try, such as 1mbit,10mbit', list(rate))
    .option('--latencies <list>', 'one-way latencies to try, such as 1ms,20ms', list(latency))
    .option('--out <dir>', 'where the report goes', 'netmgr-evaluation')
    .option('--from <file>', 'build the report of a results.json again; nothing is measured')
    .addOption(
      new Option(
        '--kernel <kernel>',
        "of the labs: this machine's where it can do what a part needs and we are root, or User-Mode Linux",
      )
        .choices(['auto', 'native', 'uml'])
        .default('auto'),
    )
    .option('--json', 'the bounds as JSON on standard output')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .exitOverride();
  const flags = command.parse(argv, { from: 'user' }).opts<Flags>();
  const quick = flags.quick === true;
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  return {
    experiments: EXPERIMENTS.filter((one) => flags.only?.includes(one) ?? true),
    plan: {
      ...plan,
      repetitions: flags.repetitions ?? plan.repetitions,
      rates: flags.rates ?? plan.rates,
      latencies: flags.latencies ?? plan.latencies,
    },
    ...{ quick, out: flags.out, from: flags.from, json: flags.json === true, kernel: flags.kernel },
  };
}

function list<T>(read: (word: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map(read);
}

function experiment(word: string): Experiment {
  const found = EXPERIMENTS.find((one) => one === word);
  if (found === undefined) throw new InvalidArgumentError(`There are ${EXPERIMENTS.join(', ')}.`);
  return found;
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1 to 999.');
  return Number(text);
}

function rate(word: string): number {
  return quantity(() => BitRate.parse(word).bitsPerSecond);
}

function latency(word: string): number {
  const microseconds = quantity(() => Duration.parse(word).microseconds);
  if (microseconds === 0) throw new InvalidArgumentError('A latency of nothing cannot be measured.');
  return microseconds;
}

function quantity(read: () => number): number {
  try {
    return read();
  } catch (error) {
    if (error instanceof NetmgrError) throw new InvalidArgumentError(`${error.message}. ${error.hint ?? ''}`);
    throw error;
  }
}
