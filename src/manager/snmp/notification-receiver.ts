import { messageOf } from '../../errors.js';
import { readNotification, type News } from '../../mib/notifications.js';
import { NETEMU_MIB, SNMP_TRAP_OID } from '../../mib/objects.js';
import { oidText } from '../../mib/oid.js';
import type { VarBind } from '../../mib/value.js';
import type { UdpAddress } from '../../units/udp-address.js';
import { openLibraryReceiver, type LibraryNotification } from './library-receiver.js';
import type { SnmpUser } from './snmp-session.js';
import { fromLibrary } from './wire.js';

/** How many notifications are remembered, to know one that comes again: an inform whose answer got lost is repeated. */
const REMEMBERED = 1000;
const TRAP = oidText(SNMP_TRAP_OID);
const OURS = `${oidText([...NETEMU_MIB, 0])}.`;

/** A notification of netmgr's, of a user whose secrets were known. */
export interface ReceivedNews {
  readonly time: Date;
  /** The IP address it came from. */
  readonly source: string;
  readonly news: News;
}

export interface ReceiverListener {
  readonly onNews: (received: ReceivedNews) => void;
  /** Hears of what was not taken, such as a trap of an unknown user, and why. Informs of unknown users get a report instead. */
  readonly onRefused: (source: string, reason: string) => void;
}

/**
 * Receives SNMPv3 traps and informs, and takes authPriv alone; informs are answered. What was recorded can be played back to it, as
 * the clocks of engines are not followed (RFC 3414 section 3.2): what it says is for people. Who knows a user's name can have it
 * compute keys for any number of engines, so its port is for agents, not for the world.
 */
export class NotificationReceiver {
  readonly #seen = new Set<string>();
  readonly #users: ReadonlySet<string>;

  private constructor(
    users: readonly SnmpUser[],
    private readonly listener: ReceiverListener,
  ) {
    this.#users = new Set(users.map(({ name }) => name));
  }

  /**
   * @param engineId hexadecimal; senders of informs have to know it
   * @returns what closes it
   * @throws NetmgrError `Conflict` if another program has the address, `AccessDenied` if it may not be had
   */
  static open(
    address: UdpAddress,
    engineId: string,
    users: readonly SnmpUser[],
    listener: ReceiverListener,
  ): Promise<() => void> {
    const receiver = new NotificationReceiver(users, listener);
    return openLibraryReceiver(address, engineId, users, {
      onNotification: (notification, source) => {
        receiver.#take(notification, source);
      },
      onRefused: listener.onRefused,
    });
  }

  #take({ id, varbinds, user }: LibraryNotification, source: string): void {
    try {
      if (!this.#users.has(user)) throw new Error('it came without a user');
      const trap = varbinds.find(({ oid }) => oid === TRAP)?.value;
      // snmpd has notifications of its own, such as coldStart.
      if (typeof trap !== 'string' || !trap.startsWith(OURS)) return;
      const varBinds = varbinds.map(fromLibrary);
      if (this.#isRepeated(source, id, varBinds)) return;
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
