import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../cli/commands/whole-number.js';
import { BENCHES } from './benches.js';
import type { Bench } from './bench.js';

/** What the user asked for. */
export interface BenchOptions {
  readonly benches: readonly Bench[];
  readonly repeat: number;
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
}

/** @throws CommanderError for wrong arguments, and after --help */
export function readOptions(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measure how fast netmgr is, each figure beside its floor or its peer in the same run.')
    .argument('[names...]', 'what to measure; default: all', (word: string, previous?: Bench[]) => [
      ...(previous ?? []),
      benchOf(word),
    ])
    .option('--json <file>', 'write the figures there as JSON')
    .option('--repeat <n>', 'measure each thing so often; the median counts', wholeNumber(1, 999), 3)
    .addHelpText(
      'after',
      `\n${BENCHES.map(({ name, measures }) => `  ${name.padEnd(10)} ${measures}`).join('\n')}`,
    )
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const { json, repeat } = command.opts<{ json?: string; repeat: number }>();
  const [chosen = []] = command.processedArgs as [Bench[]?];
  return { benches: chosen.length === 0 ? BENCHES : chosen, repeat, json };
}

function benchOf(word: string): Bench {
  const found = BENCHES.find(({ name }) => name === word);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`There are ${BENCHES.map(({ name }) => name).join(', ')}.`);
}
