import { open, writeFile } from 'node:fs/promises';
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
    throw unwritable(what, error);
  }
}

/** Throws the same before a command works in vain. What is in the file stays. */
export async function expectWritable(file: string, what: string): Promise<void> {
  try {
    await (await open(file, 'a')).close();
  } catch (error) {
    throw unwritable(what, error);
  }
}

function unwritable(what: string, error: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'InvalidInput',
    message: `${what} could not be written: ${messageOf(error)}`,
    hint: 'Name a file in a directory that there is, and that you may write.',
  });
}
