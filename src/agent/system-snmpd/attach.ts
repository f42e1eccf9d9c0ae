import { NetmgrError } from '../../errors.js';
import { findUsers, rememberUsers, type AgentUsers } from '../agent-users.js';
import type { InstallState } from '../../process/installed-file.js';
import {
  rememberInformReceivers,
  resolveInformReceivers,
  type InformReceiver,
} from '../snmpd/inform-receivers.js';
import { addUsers, usersOfEngines } from '../snmpd/snmpd-users.js';
import { checkSocketPath } from '../snmpd/snmpd-words.js';
import { needsSocketLine } from './agentx-socket.js';
import { findWriters } from './find-writers.js';
import { notesOn } from './notes.js';
import { readPersistent, writePersistent, type PersistentFile } from './persistent-file.js';
import { SnippetFile } from './snippet-file.js';
import { snippetText } from './snippet.js';
import { readSystemConf, type SystemConf } from './system-conf.js';

/** What the system's snmpd is to know of an agent, and where its files are. All paths are absolute. */
export interface Attachment {
  /** Where it awaits subagents. */
  readonly agentxSocket: string;
  /** snmpd.conf(5), beside which parts of it are included. */
  readonly conf: string;
  /** The file in which it keeps its users. */
  readonly persistent: string;
  /** The agent's, which remembers the names of the users. */
  readonly stateDirectory: string;
  /** The users and their secrets. Default: those that are remembered. */
  readonly secretsFile?: string | undefined;
  /** Where traps go: `udp:10.0.0.5:162`. */
  readonly notify?: readonly string[] | undefined;
  /** Where informs go: the same, perhaps with `=` and the engine ID of the receiver. */
  readonly inform?: readonly string[] | undefined;
}

/** What came of it. */
export interface Attached {
  /** Hexadecimal; undefined before snmpd has run for the first time. */
  readonly engineId?: string;
  readonly users: 'made' | 'unchanged';
  readonly snippet: { readonly path: string; readonly state: InstallState };
  /** What the administrator still has to do, in sentences. */
  readonly notes: readonly string[];
}

/** An attachment against which nothing speaks. */
export interface CheckedAttachment {
  readonly attachment: Attachment;
  readonly users: AgentUsers;
  readonly inform: readonly InformReceiver[];
  readonly system: SystemConf;
  /** Of the snippet. */
  readonly text: string;
  readonly file: SnippetFile;
  readonly present: PersistentFile;
  /** What the persistent file is to be; the same where all users are there. */
  readonly persistent: string;
}

/**
 * Reads the files of the system's snmpd and finds out what they are to become; changes none of them.
 *
 * @throws NetmgrError what speaks against it: `InvalidInput` for options that snmpd would refuse or missing secrets,
 *   `Conflict` with what its administrator has set up or while it runs and users are missing, `AccessDenied`
 */
export async function checkAttachment(attachment: Attachment): Promise<CheckedAttachment> {
  const { agentxSocket, conf, secretsFile, stateDirectory, notify } = attachment;
  checkSocketPath(agentxSocket, 'path');
  const users = await findUsers(stateDirectory, secretsFile);
  const access = { manager: users.manager.user, reader: users.reader?.user, notify };
  // Refuses what is wrong by itself before others' files are looked at.
  snippetText(access);
  const file = new SnippetFile(conf);
  const system = await readSystemConf(conf, file.path);
  const needsSocket = needsSocketLine(system.directives, agentxSocket);
  await file.check();
  // Secrets are given to make keys of, so that a receiver that was set up anew is noticed.
  const inform = await resolveInformReceivers(stateDirectory, attachment.inform ?? [], {
    anew: secretsFile !== undefined,
  });
  const text = snippetText({ ...access, inform, agentxSocket: needsSocket ? agentxSocket : undefined });
  const present = await readPersistent(attachment.persistent);
  const persistent = addUsers(present.text, usersOfEngines(users, present.engineId ?? '', inform), false);
  if (persistent !== present.text) await refuseWhileRunning(attachment.persistent);
  return { attachment, users, inform, system, text, file, present, persistent };
}

/**
 * Makes the users that are missing and writes the snippet; snmpd has to be started again for either to count.
 *
 * @throws NetmgrError `AccessDenied`
 */
export async function attach(checked: CheckedAttachment): Promise<Attached> {
  const { attachment, users, inform, system, text, file, present, persistent } = checked;
  const makesUsers = persistent !== present.text;
  if (makesUsers) await writePersistent(attachment.persistent, persistent, present.rights);
  const state = await file.install(text, system.rights);
  if (attachment.secretsFile !== undefined) await rememberUsers(attachment.stateDirectory, users);
  await rememberInformReceivers(attachment.stateDirectory, inform);
  return {
    ...(present.engineId === undefined ? {} : { engineId: present.engineId }),
    users: makesUsers ? 'made' : 'unchanged',
    snippet: { path: file.path, state },
    notes: notesOn(attachment.conf, system),
  };
}

/** What is added to its file by others is gone when it ends. */
async function refuseWhileRunning(persistent: string): Promise<void> {
  const [writer] = await findWriters(persistent);
  if (writer === undefined) return;
  throw new NetmgrError({
    kind: 'Conflict',
    message: `snmpd runs (process ${String(writer.pid)}), and users can only be made while it does not`,
    subject: persistent,
    hint: 'Run: systemctl stop snmpd, repeat this, and run: systemctl start snmpd',
  });
}
