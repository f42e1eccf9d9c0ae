import type { Command } from 'commander';
import { NetmgrError } from '../errors.js';

/**
 * Refuses an option whose argument is missing, so that it has taken the next option for it: with an empty variable
 * `--state-directory $DIRECTORY --dry-run` would be no dry run.
 *
 * @throws NetmgrError `InvalidInput`
 */
export function expectArguments(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const taken = [command.getOptionValue(name) as unknown]
      .flat()
      .filter((text) => typeof text === 'string')
      .find((text) => text.startsWith('-'));
    if (taken === undefined) continue;
    const long = option.long ?? option.flags;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${long} has no argument: the next word is ${taken}`,
      hint: `Give it one; of a name that begins with "-", write ${long} ./${taken}.`,
    });
  }
}
