import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import snmp from 'net-snmp';
import { messageOf, NetmgrError } from '../../errors.js';
import { readNotification, type News } from '../../mib/notifications.js';
import type { VarBind } from '../../mib/value.js';
import type { UdpAddress } from '../../units/udp-address.js';
import type { SnmpUser } from './snmp-session.js';
import { fromLibrary, type LibraryVarbind } from './wire.js';

/** How many notifications are remembered, to know one that comes again: an inform whose answer got lost is repeated. */
const REMEMBERED = 1000;

/** A notification of netmgr's, of a user whose secrets were known. */
export interface ReceivedNews {
  readonly time: Date;
  /** The IP address it came from. */
  readonly source: string;
  readonly news: News;
}

export interface ReceiverListener {
  readonly onNews: (received: ReceivedNews) => void;
  /** Hears of what was not taken, such as one of an unknown user, and why. */
  readonly onRefused: (source: string, reason: string) => void;
}

/** What net-snmp's receiver tells of: a packet, or what was wrong with one. */
interface LibraryReceived {
  readonly pdu: { readonly id: number; readonly varbinds: readonly LibraryVarbind[] };
  readonly rinfo: { readonly address: string };
}
type LibraryError = Error & { readonly rinfo?: { readonly address: string } };

/**
 * Receives SNMPv3 traps and informs, authPriv alone; informs are answered. A trap that was recorded can be played back to it, as the
 * clocks of senders are not followed (RFC 3414 section 3.2): what it says is for people.
 */
export class NotificationReceiver {
  readonly #seen = new Set<string>();

  private constructor(
    private readonly listener: ReceiverListener,
    private readonly library: { close(): void },
  ) {}

  /**
   * @param engineId hexadecimal; senders of informs have to know it
   * @throws NetmgrError `Conflict` if another program has the address, `AccessDenied` if it may not be had
   */
  static async open(
    address: UdpAddress,
    engineId: string,
    users: readonly SnmpUser[],
    listener: ReceiverListener,
  ): Promise<NotificationReceiver> {
    const sockets: Socket[] = [];
    const state: { receiver?: NotificationReceiver } = {};
    const library = snmp.createReceiver(
      {
        ...{ address: address.ip.toString(), port: address.port, engineID: engineId },
        transport: address.ip.version === 4 ? 'udp4' : 'udp6',
        dgramModule: {
          createSocket: (type: 'udp4' | 'udp6') => {
            const socket = createSocket(type);
            sockets.push(socket);
            return socket;
          },
        },
      },
      (error: LibraryError | null, received: LibraryReceived) => {
        state.receiver?.take(error, received);
      },
    ) as { close(): void; getAuthorizer(): { addUser(user: snmp.User): void } };
    for (const user of users) {
      library.getAuthorizer().addUser({
        name: user.name,
        level: snmp.SecurityLevel.authPriv,
        authProtocol: snmp.AuthProtocols.sha256,
        authKey: user.authSecret,
        privProtocol: snmp.PrivProtocols.aes,
        privKey: user.privSecret,
      });
    }
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'listening')));
    } catch (error) {
      throw cannotListen(address, error);
    }
    state.receiver = new NotificationReceiver(listener, library);
    return state.receiver;
  }

  close(): void {
    this.library.close();
  }

  private take(error: LibraryError | null, received: LibraryReceived): void {
    const { address = '' } = (error === null ? received.rinfo : error.rinfo) ?? {};
    // What comes by IPv4 to a socket of both.
    const source = address.replace(/^::ffff:(?=[0-9.]+$)/, '');
    try {
      if (error !== null) throw error;
      const varBinds = received.pdu.varbinds.map(fromLibrary);
      if (this.#isRepeated(source, received.pdu.id, varBinds)) return;
      const news = readNotification(varBinds);
      if (news !== undefined) this.listener.onNews({ time: new Date(), source, news });
    } catch (reason) {
      this.listener.onRefused(source, messageOf(reason));
    }
  }

  /** By its request ID and sysUpTime. */
  #isRepeated(source: string, id: number, [upTime]: readonly VarBind[]): boolean {
    const ticks = upTime?.value.type === 'TimeTicks' ? upTime.value.value : 0;
    const key = `${source} ${String(id)} ${String(ticks)}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    const [oldest = ''] = this.#seen;
    if (this.#seen.size > REMEMBERED) this.#seen.delete(oldest);
    return false;
  }
}

function cannotListen(address: UdpAddress, error: unknown): NetmgrError {
  const { code } = error as NodeJS.ErrnoException;
  const isDenied = code === 'EACCES';
  return new NetmgrError({
    kind: isDenied ? 'AccessDenied' : 'Conflict',
    message: `notifications cannot be received at ${address.toString()}: ${messageOf(error)}`,
    hint: isDenied
      ? 'Ports below 1024 are root’s: choose one above, and tell the agents of it (--notify).'
      : 'Another program may have this address, such as snmptrapd: choose another port, or an address of this machine.',
    cause: error,
  });
}
