import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AgentOptions, PrivateSnmpd } from '../agent-options.js';
import { installAgent } from '../agent.js';
import { findUsers, rememberUsers, type AgentUsers } from '../agent-users.js';
import { UdpAddress } from '../../units/udp-address.js';
import {
  rememberInformReceivers,
  resolveInformReceivers,
  type InformReceiver,
} from '../snmpd/inform-receivers.js';
import { snmpdConfig } from '../snmpd/snmpd-config.js';
import { addUsers, usersOfEngines } from '../snmpd/snmpd-users.js';
import { StateDirectory } from '../snmpd/state-directory.js';

/** What an agent's private snmpd knows after it. */
export interface EnsuredUsers {
  /** Hexadecimal. */
  readonly engineId: string;
  /** Whether users were made; those that were there keep their secrets. */
  readonly made: boolean;
}

/**
 * Sees to it that `agent run` needs no secrets. Where all users are there already, nothing is started, so that it may
 * be repeated while the agent runs.
 *
 * @throws NetmgrError `InvalidInput` for options that snmpd would refuse, or if secrets are missing
 */
export async function ensureUsers(
  options: AgentOptions,
  snmpd: PrivateSnmpd,
  log: Logger,
): Promise<EnsuredUsers> {
  const { stateDirectory } = options;
  const { listen, secretsFile, notify } = snmpd;
  UdpAddress.parse(listen);
  const users = await findUsers(stateDirectory, secretsFile);
  const state = new StateDirectory(join(stateDirectory, 'snmpd'));
  // Secrets are given to make keys of, so that a receiver that was set up anew is noticed.
  const inform = await resolveInformReceivers(stateDirectory, snmpd.inform ?? [], {
    anew: secretsFile !== undefined,
  });
  snmpdConfig({
    address: listen,
    agentxSocket: state.agentxSocket,
    engineId: '',
    manager: users.manager.user,
    reader: users.reader?.user,
    notify,
    inform,
    sysName: options.name,
  });
  if (!(await areKnown(users, inform, state))) {
    const asked = { ...snmpd, inform: inform.map(({ address, engineId }) => `${address}=${engineId}`) };
    return { ...(await installAgent(options, asked, log)), made: true };
  }
  if (secretsFile !== undefined) await rememberUsers(stateDirectory, users);
  await rememberInformReceivers(stateDirectory, inform);
  return { engineId: await state.engineId(), made: false };
}

async function areKnown(
  users: AgentUsers,
  inform: readonly InformReceiver[],
  state: StateDirectory,
): Promise<boolean> {
  const persistent = await state.readPersistent();
  // No snmpd has run there, and the directory need not be there either.
  if (persistent === '') return false;
  return addUsers(persistent, usersOfEngines(users, await state.engineId(), inform), false) === persistent;
}
