import type { Command } from 'commander';
import { NetmgrError } from '../errors.js';

/**
 * Refuses an option whose argument is missing, so that it has taken the next option for it: with an empty variable
 * `--state-directory $DIRECTORY --dry-run` would be no dry run.
 *
 * @throws NetmgrError `InvalidInput`
 */
export function expectArguments(command: Command): void {
  for (const { long, attributeName } of command.options.map((option) => ({
    long: option.long ?? '',
    attributeName: option.attributeName(),
  }))) {
    const value: unknown = command.getOptionValue(attributeName);
    const texts = Array.isArray(value) ? (value as unknown[]) : [value];
    const taken = texts
      .filter((text): text is string => typeof text === 'string')
      .find((text) => text.startsWith('-'));
    if (taken === undefined || command.getOptionValueSource(attributeName) !== 'cli') continue;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${long} has no argument: the next word is ${taken}`,
      hint: `Give it one; of a name that begins with "-", write ${long} ./${taken}.`,
    });
  }
}
