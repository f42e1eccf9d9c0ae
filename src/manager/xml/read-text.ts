import { open } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import { printable } from './printable.js';

/** Larger files are refused before they are read. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A file, as it was read. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** Reads a file, and keeps its name. @throws NetmgrError as {@link readText} */
export const readFileText = async (path: string): Promise<FileText> => ({ path, text: await readText(path) });

/**
 * Reads a file as UTF-8 text, without a byte order mark.
 *
 * @throws NetmgrError `InvalidInput` for what is no file, too large or no UTF-8, `AccessDenied` where the
 *   system does not let us read it.
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'the file is no UTF-8 text',
      at: { file: path, line: firstLineThatIsNoUtf8(bytes) },
      hint: 'Save it with the encoding UTF-8.',
      cause,
    });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r');
    const status = await handle.stat();
    if (!status.isFile()) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${printable(path)} is no file${status.isDirectory() ? ' but a directory' : ''}`,
        hint: 'Name an XML file.',
      });
    }
    if (status.size > MAX_FILE_BYTES) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${printable(path)} has ${String(status.size)} bytes, more than the ${String(MAX_FILE_BYTES)} that are read`,
        hint: 'Check that this is the file you mean; an environment of 10,000 nodes has about 1 MiB.',
      });
    }
    return await handle.readFile();
  } catch (thrown) {
    throw thrown instanceof NetmgrError ? thrown : unreadable(path, thrown);
  }
}

function unreadable(path: string, cause: unknown): NetmgrError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') {
    return new NetmgrError({
      kind: 'InvalidInput',
      message: `there is no file ${printable(path)}`,
      hint: 'Check the path; a relative one counts from the current directory.',
      cause,
    });
  }
  const denied = code === 'EACCES' || code === 'EPERM';
  return new NetmgrError({
    kind: denied ? 'AccessDenied' : 'InvalidInput',
    message: `${printable(path)} cannot be read: ${printable(messageOf(cause))}`,
    hint: denied ? 'Check the permissions of the file and of its directories.' : 'Check the path.',
    cause,
  });
}

function firstLineThatIsNoUtf8(bytes: Buffer): number {
  const text = new TextDecoder('utf-8').decode(bytes);
  const replaced = text.indexOf('\ufffd');
  return text.slice(0, Math.max(0, replaced)).split('\n').length;
}
