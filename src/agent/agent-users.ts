import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../errors.js';
import { readSecretsFile } from '../process/read-secrets-file.js';
import type { SnmpUser } from './snmpd/snmpd-users.js';

const USERS_FILE = 'users.json';

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
  const values = await readSecretsFile(path);
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

/** Keeps the names of the users, not their secrets, for the next start. */
export async function rememberUsers(stateDirectory: string, { manager, reader }: AgentUsers): Promise<void> {
  const names = { manager: manager.user, ...(reader === undefined ? {} : { reader: reader.user }) };
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  await writeFile(join(stateDirectory, USERS_FILE), `${JSON.stringify(names)}\n`, { mode: 0o600 });
}

/** The users of an earlier start. @throws NetmgrError `InvalidInput` if there was none */
export async function recallUsers(stateDirectory: string): Promise<AgentUsers> {
  const path = join(stateDirectory, USERS_FILE);
  try {
    const names = JSON.parse(await readFile(path, 'utf8')) as { manager: unknown; reader?: unknown };
    if (typeof names.manager !== 'string') throw new Error('it names no manager');
    const reader = typeof names.reader === 'string' ? { reader: { user: names.reader } } : {};
    return { manager: { user: names.manager }, ...reader };
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `no SNMP users are known: ${messageOf(error)}`,
      subject: path,
      hint: 'Give the users and their secrets once, with --secrets FILE.',
      cause: error,
    });
  }
}

/** The users as a file has them, or those of an earlier start. @throws NetmgrError as {@link readUsers}, {@link recallUsers} */
export function findUsers(stateDirectory: string, secretsFile: string | undefined): Promise<AgentUsers> {
  return secretsFile === undefined ? recallUsers(stateDirectory) : readUsers(secretsFile);
}

function userOf(values: ReadonlyMap<string, string>, role: string): SnmpUser | undefined {
  const user = values.get(`${role}.user`);
  if (user === undefined) return undefined;
  const auth = values.get(`${role}.auth`);
  const priv = values.get(`${role}.priv`);
  return auth === undefined || priv === undefined ? { user } : { user, secrets: { auth, priv } };
}
