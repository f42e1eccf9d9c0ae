import { writeFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../errors.js';

/**
 * Writes what a command has made to the file that was asked for.
 *
 * @param what what it is, for the error: `the plan`
 * @throws NetmgrError `InvalidInput` where it cannot be written
 */
export async function writeResult(file: string, text: string, what: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${what} could not be written: ${messageOf(error)}`,
      hint: 'Name a file in a directory that there is, and that you may write.',
    });
  }
}
