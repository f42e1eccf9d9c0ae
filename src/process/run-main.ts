import { CommanderError } from 'commander';
import { failuresOf } from '../errors.js';

/**
 * Runs a program of this project on the words that it was called with, to its exit code. What it throws is told with what to do;
 * commander has told its own already.
 */
export async function runMain(main: (argv: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 1;
      return;
    }
    for (const { message, hint } of failuresOf(error)) {
      process.stderr.write(`error: ${message}\n${hint === undefined ? '' : `  do:    ${hint}\n`}`);
    }
    process.exitCode = 1;
  }
}
