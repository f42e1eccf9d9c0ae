import { NetmgrError, rejectionsOf, throwIfAny } from '../errors.js';
import { readSecretsFile } from '../process/read-secrets-file.js';
import type { Credentials } from './model/real-environment.js';
import type { SnmpUser } from './snmp/snmp-session.js';

/** RFC 3414 section 11.2: shorter secrets are refused by agents. */
const SHORTEST_SECRET = 8;

/** Who a manager is to agents, and where its secrets are. */
export type SnmpCredentials = Pick<Credentials, 'name' | 'user' | 'from'>;

/**
 * Finds the secrets that the credentials of a real file refer to: `env:NAME` is the variables NAME_AUTH and
 * NAME_PRIV, `file:PATH` a file of mode 0600 with lines `auth=…` and `priv=…`.
 *
 * @throws NetmgrError `InvalidInput` or `AccessDenied` that says what is missing and where
 */
export async function readSecrets(
  credentials: SnmpCredentials,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SnmpUser> {
  const subject = `credentials ${credentials.name}`;
  const [, source = '', place = ''] = /^(env|file):(.+)$/.exec(credentials.from) ?? [];
  const secrets: Secrets =
    source === 'file'
      ? Object.fromEntries(await readSecretsFile(place, subject))
      : fromEnvironment(place, environment);
  const name =
    source === 'file'
      ? (key: string) => `${key}= in ${place}`
      : (key: string) => `${place}_${key.toUpperCase()}`;
  const check = (key: 'auth' | 'priv'): string => {
    const secret = secrets[key];
    if (secret === undefined || secret.length < SHORTEST_SECRET) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message:
          secret === undefined
            ? `${name(key)} is not set`
            : `${name(key)} is shorter than ${String(SHORTEST_SECRET)} characters`,
        subject,
        hint: `Give the ${key === 'auth' ? 'authentication' : 'privacy'} secret that the agents were installed with.`,
      });
    }
    return secret;
  };
  return { name: credentials.user, authSecret: check('auth'), privSecret: check('priv') };
}

/**
 * The users of several credentials by the names of these.
 *
 * @throws NetmgrError or ApplyError with all that is missing
 */
export async function readAllSecrets(
  credentials: readonly SnmpCredentials[],
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, SnmpUser>> {
  const read = await Promise.allSettled(
    credentials.map(async (each) => [each.name, await readSecrets(each, environment)] as const),
  );
  throwIfAny(rejectionsOf(read), 'credentials are missing');
  return new Map(read.flatMap((user) => (user.status === 'fulfilled' ? [user.value] : [])));
}

type Secrets = Readonly<Partial<Record<string, string>>>;

function fromEnvironment(name: string, environment: Readonly<Record<string, string | undefined>>): Secrets {
  return definedOnly({ auth: environment[`${name}_AUTH`], priv: environment[`${name}_PRIV`] });
}

function definedOnly(values: Readonly<Record<string, string | undefined>>): Secrets {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
