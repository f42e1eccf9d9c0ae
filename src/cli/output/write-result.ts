import { open, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import { DurableFiles } from '../../process/durable-files.js';

const PERMISSIONS = 0o777;
const READ_AND_WRITE = 0o666;

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

/**
 * The same for a file that people go on with: it is written whole or stays as it is, and keeps its permissions. What is no file, such
 * as a terminal, is written to as it is.
 *
 * @throws NetmgrError `InvalidInput` where it cannot be written
 */
export async function writeWholeResult(file: string, text: string, what: string): Promise<void> {
  try {
    const known = await stat(file).catch(() => undefined);
    if (known !== undefined && !known.isFile()) {
      await writeFile(file, text);
      return;
    }
    const mode = known === undefined ? READ_AND_WRITE & ~(await readUmask()) : known.mode & PERMISSIONS;
    // A link stays one, and what it leads to is written.
    const path = known === undefined ? file : await realpath(file);
    await new DurableFiles().write(path, text, mode, known);
  } catch (error) {
    throw unwritable(what, error);
  }
}

/** What new files are not permitted (proc_pid_status(5)): to ask for it otherwise would set it. */
async function readUmask(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number.parseInt(/^Umask:\s*([0-7]+)$/m.exec(status)?.[1] ?? '022', 8);
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
