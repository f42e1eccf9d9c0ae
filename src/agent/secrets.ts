import { readFile, stat } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../errors.js';
import type { SnmpUser } from './snmpd/snmpd-users.js';

/** The users of an agent's snmpd: one that may write, and one that only reads. */
export interface AgentUsers {
  readonly manager: SnmpUser;
  readonly reader?: SnmpUser;
}

/**
 * Reads a file of lines such as `manager.user=netmgr`, `manager.auth=…`, `manager.priv=…` and the same for
 * `reader`. It holds secrets, so it must be its owner's alone (mode 0600).
 *
 * @throws NetmgrError `InvalidInput` or `AccessDenied`
 */
export async function readUsers(path: string): Promise<AgentUsers> {
  let text: string;
  let mode: number;
  try {
    ({ mode } = await stat(path));
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `cannot read the secrets: ${messageOf(error)}`,
      subject: path,
      cause: error,
    });
  }
  if ((mode & 0o077) !== 0) {
    throw new NetmgrError({
      kind: 'AccessDenied',
      message: 'the file holds secrets and is open to other users',
      subject: path,
      hint: `Run: chmod 600 ${path}`,
    });
  }
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );
  const manager = userOf(values, 'manager');
  const reader = userOf(values, 'reader');
  if (manager === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'the file names no manager',
      subject: path,
      hint: 'Write the lines manager.user=…, manager.auth=… and manager.priv=….',
    });
  }
  return { manager, ...(reader === undefined ? {} : { reader }) };
}

function userOf(values: ReadonlyMap<string, string>, role: string): SnmpUser | undefined {
  const user = values.get(`${role}.user`);
  if (user === undefined) return undefined;
  const auth = values.get(`${role}.auth`);
  const priv = values.get(`${role}.priv`);
  return auth === undefined || priv === undefined ? { user } : { user, secrets: { auth, priv } };
}
