import { NetmgrError } from '../../errors.js';
import type { InformReceiver } from './inform-receivers.js';
import { checkUser } from './snmpd-words.js';

/** A user of SNMPv3 with authentication and privacy. */
export interface SnmpUser {
  readonly user: string;
  /** Needed only where the user does not exist yet, or its secrets shall change. */
  readonly secrets?: UserSecrets | undefined;
}

/** A user with keys for an engine. */
export interface EngineUser extends SnmpUser {
  /** Hexadecimal. */
  readonly engineId: string;
  /** Whether the engine is that of a receiver of informs. */
  readonly isRemote?: boolean;
}

/** Two different secrets of 8 to 128 printable ASCII characters without double quotes and backslashes. */
export interface UserSecrets {
  readonly auth: string;
  readonly priv: string;
}

/** Who has to be known to an snmpd: its users by its own engine, and the reader by the engine of each receiver of its informs. */
export function usersOfEngines(
  { manager, reader }: { readonly manager: SnmpUser; readonly reader?: SnmpUser | undefined },
  engineId: string,
  inform: readonly InformReceiver[] = [],
): EngineUser[] {
  const own = (user: SnmpUser): EngineUser => ({ ...user, engineId });
  if (reader === undefined) return [own(manager)];
  return [
    own(manager),
    own(reader),
    ...inform.map((receiver) => ({ ...reader, engineId: receiver.engineId, isRemote: true })),
  ];
}

/**
 * snmpd's persistent file with the lines that create the users that are missing in it, or all that have
 * secrets if `replace`. snmpd turns each line into keys of its engine and drops the secrets (RFC 3414
 * section 2.6) when it writes the file again.
 *
 * @throws NetmgrError `InvalidInput` for a secret that cannot be used, or a missing user without secrets.
 */
export function addUsers(persistent: string, users: readonly EngineUser[], replace: boolean): string {
  let lines = persistent.replace(/\n+$/, '').split('\n');
  let isChanged = false;
  for (const { user, secrets, engineId, isRemote = false } of users) {
    checkUser(user);
    if (secrets !== undefined) checkSecrets(user, secrets);
    const create = createLine({ user, engineId, isRemote });
    const isUser = (line: string): boolean => defines(line, { user, engineId, isRemote });
    if (lines.some(isUser) && !(replace && secrets !== undefined)) continue;
    if (secrets === undefined) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: isRemote
          ? `the SNMP user ${user} has no keys yet for the engine 0x${engineId} of a receiver of informs`
          : `the SNMP user ${user} does not exist yet and no secrets were given for it`,
        subject: user,
        hint: 'Give its authentication and privacy secrets once: netmgr agent install --secrets FILE.',
      });
    }
    isChanged = true;
    lines = lines.filter((line) => line !== '' && !isUser(line));
    lines.push(`${create}SHA-256 "${secrets.auth}" AES "${secrets.priv}"`);
  }
  return isChanged ? `${lines.join('\n')}\n` : persistent;
}

/** Whether snmpd's persistent file has a user, or a line that makes it. */
export const isUserKnown = (persistent: string, user: EngineUser): boolean =>
  persistent.split('\n').some((line) => defines(line, user));

/** How the line that makes it begins. */
const createLine = ({ user, engineId, isRemote = false }: EngineUser): string =>
  `createUser ${isRemote ? `-e 0x${engineId} ` : ''}${user} `;

const defines = (line: string, user: EngineUser): boolean =>
  line.startsWith(createLine(user)) || hasKeys(line, user.user, user.engineId);

/** A user of another engine is another one: its keys are of that engine. */
function hasKeys(line: string, user: string, engineId: string): boolean {
  const [token, , , engine = '', name = ''] = line.split(' ');
  return token === 'usmUser' && engine.toLowerCase() === `0x${engineId}` && isName(name, user);
}

/** snmpd quotes a name of letters and digits alone; any other it writes in hexadecimal. */
function isName(written: string, user: string): boolean {
  return written === `"${user}"` || written.toLowerCase() === `0x${Buffer.from(user).toString('hex')}`;
}

function checkSecrets(user: string, { auth, priv }: UserSecrets): void {
  for (const [what, secret] of [
    ['authentication', auth],
    ['privacy', priv],
  ] as const) {
    const wrong = secretProblem(secret);
    if (wrong !== undefined) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `the ${what} secret of ${user} ${wrong}`,
        subject: user,
        hint: 'Use 8 to 128 printable ASCII characters without double quotes and backslashes.',
      });
    }
  }
  if (auth === priv) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the authentication and privacy secrets of ${user} are the same`,
      subject: user,
      hint: 'Use two different secrets.',
    });
  }
}

function secretProblem(secret: string): string | undefined {
  if (secret.length < 8) return 'has fewer than 8 characters';
  if (secret.length > 128) return 'has more than 128 characters';
  if (/[^\x20-\x7e]/.test(secret)) return 'has a character that is not printable ASCII';
  if (/["\\]/.test(secret)) return 'has a double quote or a backslash';
  return undefined;
}
