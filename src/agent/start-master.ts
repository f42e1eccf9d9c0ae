import { join } from 'node:path';
import type { Logger } from 'pino';
import type { NetmgrError } from '../errors.js';
import type { AgentOptions, PrivateSnmpd } from './agent-options.js';
import { readUsers, recallUsers, rememberUsers } from './agent-users.js';
import { resolveInformReceivers } from './snmpd/inform-receivers.js';
import { startSnmpd } from './snmpd/snmpd-master.js';

/** The AgentX master of an agent (RFC 2741). */
export interface Master {
  /** The path of its socket for subagents. */
  readonly agentxSocket: string;
  /** Hexadecimal. Not known of the system's snmpd, which may have another one after its next start. */
  readonly engineId?: string;
  /** Ends it where it is the agent's own. */
  stop(): Promise<void>;
}

/**
 * Starts the private snmpd of an agent, or only says where the system's is.
 *
 * @throws NetmgrError if the secrets are missing or snmpd cannot run as it is set up
 */
export async function startMaster(options: AgentOptions, log: Logger): Promise<Master> {
  const { snmpd } = options;
  if (snmpd.kind === 'private') return startPrivate(options, snmpd, log);
  return { agentxSocket: snmpd.agentxSocket, stop: () => Promise.resolve() };
}

/** @throws NetmgrError as {@link startMaster} */
export async function startPrivate(
  { stateDirectory, name }: AgentOptions,
  { listen, secretsFile, notify, inform = [] }: PrivateSnmpd,
  log: Logger,
): Promise<Master & { readonly engineId: string }> {
  const users = secretsFile === undefined ? await recallUsers(stateDirectory) : await readUsers(secretsFile);
  if (secretsFile !== undefined) await rememberUsers(stateDirectory, users);
  // A network is emulated whether or not somebody hears of it.
  const onSilent = (err: NetmgrError): void => {
    log.warn({ err }, 'a receiver of informs is left out');
  };
  const receivers = await resolveInformReceivers(stateDirectory, inform, { onSilent });
  return startSnmpd({
    stateDirectory: join(stateDirectory, 'snmpd'),
    address: listen,
    ...users,
    notify,
    inform: receivers,
    sysName: name,
    log: {
      debug: (message) => {
        log.debug({ snmpd: message }, 'snmpd');
      },
      warn: (message) => {
        log.warn({ snmpd: message }, 'snmpd');
      },
    },
  });
}
