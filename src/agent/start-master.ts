import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AgentOptions, PrivateSnmpd } from './agent-options.js';
import { findUsers, rememberUsers } from './agent-users.js';
import {
  rememberInformReceivers,
  resolveInformReceivers,
  type InformReceiver,
} from './snmpd/inform-receivers.js';
import { startSnmpd } from './snmpd/snmpd-master.js';
import { isUserKnown, type SnmpUser } from './snmpd/snmpd-users.js';
import { StateDirectory } from './snmpd/state-directory.js';

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
  const users = await findUsers(stateDirectory, secretsFile);
  if (secretsFile !== undefined) await rememberUsers(stateDirectory, users);
  const directory = join(stateDirectory, 'snmpd');
  const receivers = await usableReceivers(stateDirectory, directory, users.reader, inform, log);
  const master = await startSnmpd({
    stateDirectory: directory,
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
  await rememberInformReceivers(stateDirectory, receivers);
  return master;
}

/** Receivers that do not answer, or for which there are no keys, hear nothing: a network is emulated all the same. */
async function usableReceivers(
  stateDirectory: string,
  snmpdDirectory: string,
  reader: SnmpUser | undefined,
  inform: readonly string[],
  log: Logger,
): Promise<readonly InformReceiver[]> {
  const leftOut = 'a receiver of informs is left out until the agent starts again';
  const receivers = await resolveInformReceivers(stateDirectory, inform, {
    onSilent: (err) => {
      log.warn({ err }, leftOut);
    },
  });
  if (reader === undefined || reader.secrets !== undefined) return receivers;
  const persistent = await new StateDirectory(snmpdDirectory).readPersistent();
  return receivers.filter(({ address, engineId }) => {
    const isKnown = isUserKnown(persistent, { ...reader, engineId, isRemote: true });
    const remedy = 'netmgr agent install, with --inform and --secrets';
    if (!isKnown) log.warn({ address, engineId, remedy }, `${leftOut}: its user has no keys for that engine`);
    return isKnown;
  });
}
