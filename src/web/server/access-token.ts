import { createHash, timingSafeEqual } from 'node:crypto';
import { NetmgrError } from '../../errors.js';
import { readSecretsFile } from '../../process/read-secrets-file.js';

/** The variable that has the token where no file is named. */
export const TOKEN_VARIABLE = 'NETMGR_WEB_TOKEN';

/** Of characters that a URL and a header have as they are, and long enough not to be guessed. */
const TOKEN = /^[A-Za-z0-9._~-]{16,256}$/;

/**
 * The token that a browser has to show; undefined if none is asked for.
 *
 * @param path of a file of mode 0600 with a line `token=…`
 * @throws NetmgrError `InvalidInput` or `AccessDenied`
 */
export async function readToken(
  path: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const token =
    path === undefined ? environment[TOKEN_VARIABLE] : ((await readSecretsFile(path)).get('token') ?? '');
  if (token === undefined || TOKEN.test(token)) return token;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: 'the token needs 16 to 256 letters, digits or . _ ~ -',
    subject: path ?? TOKEN_VARIABLE,
    hint: 'Make one: echo token=$(openssl rand -hex 24)',
  });
}

/** Whether two secrets are the same, in a time that says nothing about how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
