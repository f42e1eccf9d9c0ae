import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../errors.js';
import { DurableFiles } from '../process/durable-files.js';
import { engineIdIn, makeEngineId } from '../process/engine-id.js';
import { UdpAddress } from '../units/udp-address.js';
import { readAllSecrets } from './credentials.js';
import type { RealEnvironment } from './model/real-environment.js';
import {
  NotificationReceiver,
  type ReceivedNews,
  type ReceiverListener,
} from './snmp/notification-receiver.js';

/** What an agent notified of. */
export interface HostNews extends ReceivedNews {
  /** The host whose agent has the address it came from; undefined if none has. */
  readonly host: string | undefined;
}

export interface NewsSettings extends Pick<ReceiverListener, 'onRefused'> {
  /** `udp:10.0.0.5:162` or `udp6:[fd00::5]:162`. */
  readonly listen: string;
  readonly onNews: (news: HostNews) => void;
}

/** Notifications are being received. */
export interface OpenNews {
  /** Of the receiver, hexadecimal: senders of informs have to know it. */
  readonly engineId: string;
  close(): void;
}

/**
 * Receives what agents notify of, of the users of all credentials in the real file.
 *
 * @param directory where the engine ID of the receiver is kept
 * @throws NetmgrError if an address or secrets are missing or wrong
 */
export async function receiveNews(
  { credentials, hosts }: RealEnvironment,
  directory: string,
  environment: Readonly<Record<string, string | undefined>> | undefined,
  { listen, onNews, onRefused }: NewsSettings,
): Promise<OpenNews> {
  const address = UdpAddress.parse(listen, 'udp:0.0.0.0:162');
  const users = await readAllSecrets(credentials, environment);
  const hostOf = new Map(hosts.map((host) => [host.address.toString(), host.name]));
  const engineId = await keptEngineId(directory);
  const close = await NotificationReceiver.open(address, engineId, [...users.values()], {
    onNews: (received) => {
      onNews({ ...received, host: hostOf.get(received.source) });
    },
    onRefused,
  });
  return { engineId, close };
}

/** The same one at each start: senders of informs keep keys for it. */
async function keptEngineId(directory: string): Promise<string> {
  const path = join(directory, 'engine-id');
  try {
    const known = engineIdIn(await readFile(path, 'utf8').catch(emptyIfAbsent));
    if (known !== undefined) return known;
    const made = makeEngineId();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await new DurableFiles().write(path, `${made}\n`);
    return made;
  } catch (error) {
    throw new NetmgrError({
      kind: 'AccessDenied',
      message: `the engine ID of the receiver cannot be kept: ${messageOf(error)}`,
      subject: path,
      hint: 'Give a directory that you may write: --state-directory.',
      cause: error,
    });
  }
}

function emptyIfAbsent(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
  throw error;
}
