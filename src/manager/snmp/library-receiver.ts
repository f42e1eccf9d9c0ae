import { createSocket, type RemoteInfo } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import snmp from 'net-snmp';
import { messageOf, NetmgrError } from '../../errors.js';
import type { UdpAddress } from '../../units/udp-address.js';
import { toLibraryUser } from './library-user.js';
import type { SnmpUser } from './snmp-session.js';
import type { LibraryVarbind } from './wire.js';

/** A notification as net-snmp's receiver gives it. */
export interface LibraryNotification {
  readonly id: number;
  readonly varbinds: readonly LibraryVarbind[];
  /** Empty if it came without authentication. */
  readonly user: string;
}

export interface LibraryListener {
  readonly onNotification: (notification: LibraryNotification, source: string) => void;
  readonly onRefused: (source: string, reason: string) => void;
}

type LibraryError = Error & { readonly rinfo?: { readonly address: string } };
interface LibraryReceived {
  readonly pdu: Omit<LibraryNotification, 'user'> & { readonly user?: string };
  readonly rinfo: { readonly address: string };
}

/**
 * Opens net-snmp's receiver behind a socket of ours: what it throws for a hostile datagram is a refusal, and not the end of the
 * process.
 *
 * @param engineId hexadecimal
 * @returns what closes it
 * @throws NetmgrError `Conflict` if another program has the address, `AccessDenied` if it may not be had, `InvalidInput` if
 *   this machine does not have it
 */
export async function openLibraryReceiver(
  address: UdpAddress,
  engineId: string,
  users: readonly SnmpUser[],
  { onNotification, onRefused }: LibraryListener,
): Promise<() => void> {
  const socket = createSocket(address.ip.version === 4 ? 'udp4' : 'udp6');
  socket.bind(address.port, address.ip.toString());
  await once(socket, 'listening').catch((error: unknown) => {
    throw cannotListen(address, error);
  });
  socket.on('error', () => undefined);
  const guarded = new GuardedSocket((datagram, to) => {
    socket.send(datagram, to.port, to.address);
  });
  const library = snmp.createReceiver(
    { engineID: engineId, includeAuthentication: true, dgramModule: { createSocket: () => guarded } },
    (error: LibraryError | null, received: LibraryReceived) => {
      if (error !== null) onRefused(sourceOf(error.rinfo), reasonOf(error));
      else onNotification({ user: '', ...received.pdu }, sourceOf(received.rinfo));
    },
  ) as { getAuthorizer(): { addUser(user: snmp.User): void } };
  for (const user of users) library.getAuthorizer().addUser(toLibraryUser(user));
  socket.on('message', (datagram, from) => {
    try {
      // Nobody can be answered there.
      if (from.port === 0) throw new Error('it comes from port 0');
      guarded.emit('message', datagram, from);
    } catch (error) {
      onRefused(sourceOf(from), messageOf(error));
    }
  });
  return () => {
    socket.close();
  };
}

/** What the library takes for its socket. */
class GuardedSocket extends EventEmitter {
  constructor(private readonly answer: (datagram: Buffer, to: RemoteInfo) => void) {
    super();
  }

  /** It is bound. */
  bind(): void {
    return;
  }

  send(buffer: Buffer, offset: number, length: number, port: number, address: string): void {
    this.answer(buffer.subarray(offset, offset + length), { port, address } as RemoteInfo);
  }
}

/** The library's words name no remedy, and give away what a right message would have been. */
function reasonOf({ message }: Error): string {
  const [, user] = /^Local user not found .* user (.+)$/.exec(message) ?? [];
  if (user !== undefined) return `there are no credentials of the user ${user} in the real file`;
  if (message.startsWith('Authentication digest'))
    return 'its authentication secret is not the one of its user';
  if (message.startsWith('Failed to decrypt')) return 'its privacy secret is not the one of its user';
  if (/requires (?:authentication|privacy)/.test(message)) return 'it is not authenticated and encrypted';
  if (message.startsWith('Local community')) return 'it is of SNMPv1 or v2c';
  return 'it is no notification by SNMPv3';
}

/** What comes by IPv4 to a socket of both has an address of IPv6. */
const sourceOf = (from: { readonly address: string } | undefined): string =>
  (from?.address ?? '').replace(/^::ffff:(?=[0-9.]+$)/, '');

const LISTEN_HINTS: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'Ports below 1024 are root’s: choose one above, and tell the agents of it (--notify).',
  EADDRINUSE: 'Another program has this address, such as snmptrapd or another watch: choose another port.',
};

function cannotListen(address: UdpAddress, error: unknown): NetmgrError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new NetmgrError({
    kind: code === 'EACCES' ? 'AccessDenied' : code === 'EADDRINUSE' ? 'Conflict' : 'InvalidInput',
    message: `notifications cannot be received at ${address.toString()}: ${messageOf(error)}`,
    hint: LISTEN_HINTS[code] ?? 'Give an address of this machine, or 0.0.0.0 or :: for all of them.',
    cause: error,
  });
}
