import { open } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../errors.js';

/**
 * Reads a file of lines `name=value`. It holds secrets, so it must be its owner's alone (mode 0600).
 *
 * @param subject What the errors are about. Default: the file.
 * @throws NetmgrError `InvalidInput` if it cannot be read, `AccessDenied` if it is open to others
 */
export async function readSecretsFile(path: string, subject = path): Promise<ReadonlyMap<string, string>> {
  // The subject stands beside the message and need not be in it.
  const isSubject = subject === path;
  let text: string;
  let mode: number;
  try {
    const file = await open(path);
    try {
      ({ mode } = await file.stat());
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `cannot read ${isSubject ? 'the secrets' : path}: ${messageOf(error)}`,
      subject,
      cause: error,
    });
  }
  if ((mode & 0o077) !== 0) {
    throw new NetmgrError({
      kind: 'AccessDenied',
      message: `${isSubject ? 'the file' : path} holds secrets and is open to other users`,
      subject,
      hint: `Run: chmod 600 ${path}`,
    });
  }
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}
