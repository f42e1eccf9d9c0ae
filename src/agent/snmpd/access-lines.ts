import { NetmgrError } from '../../errors.js';
import {
  NETEMU_CFG,
  NETEMU_CONFIG,
  NETEMU_MIB,
  NETEMU_NOTIFY_CONTROL,
  NETEMU_PROBE,
} from '../../mib/objects.js';
import { oidText } from '../../mib/oid.js';
import { UdpAddress } from '../../units/udp-address.js';
import type { InformReceiver } from './inform-receivers.js';
import { checkUser } from './snmpd-words.js';

/** Who may do what, and whom snmpd tells. */
export interface SnmpdAccess {
  /** The user that may write, and the one that may only read. */
  readonly manager: string;
  readonly reader?: string | undefined;
  /** Where traps go, such as `udp:10.0.0.5:162`. */
  readonly notify?: readonly string[] | undefined;
  /** Where informs go, which are sent again until they are confirmed. */
  readonly inform?: readonly InformReceiver[] | undefined;
}

/** The RFC 1213 subtree that every SNMP manager expects to read. */
const MIB_2 = '1.3.6.1.2.1';
/**
 * What snmpd says of itself, without its users: snmpEngine (RFC 3411), snmpMPDStats (RFC 3412) and usmStats (RFC 3414), which counts
 * what was refused.
 */
const ENGINE_STATISTICS = ['1.3.6.1.6.3.10.2.1', '1.3.6.1.6.3.11.2.1', '1.3.6.1.6.3.15.1.1'];
const WRITABLE = [NETEMU_CFG, NETEMU_CONFIG, NETEMU_NOTIFY_CONTROL, NETEMU_PROBE];

/** How an snmpd, a private one or the system's, is to treat a subagent such as ours (snmpd.conf(5)). */
export const SUBAGENT_LINES: readonly string[] = [
  'master agentx',
  // One late answer ends the session of a subagent, and a read of thousands of interfaces takes seconds.
  'agentXTimeout 15',
  // A stream loses nothing: a repeated request would only be answered twice.
  'agentXRetries 0',
];

/**
 * SNMPv3 authPriv only: views, what each user may do with them, and where notifications are sent (snmpd.conf(5)). They hold
 * no secret.
 *
 * @throws NetmgrError `InvalidInput` for a value that snmpd would read as something else.
 */
export function accessLines(access: SnmpdAccess): readonly string[] {
  const { manager, reader } = access;
  return [
    `view netmgrR included .${MIB_2}`,
    `view netmgrR included .${oidText(NETEMU_MIB)}`,
    ...ENGINE_STATISTICS.map((subtree) => `view netmgrR included .${subtree}`),
    ...WRITABLE.map((subtree) => `view netmgrW included .${oidText(subtree)}`),
    `group netmgrG usm ${checkUser(manager)}`,
    'access netmgrG "" usm priv exact netmgrR netmgrW netmgrR',
    ...(reader === undefined ? [] : [`rouser -s usm ${checkUser(reader)} priv -V netmgrR`]),
    ...notifyLines(access),
  ];
}

/**
 * Where snmpd sends notifications (trapsess), as the reader: SNMPv3 traps by the keys that snmpd has of it, informs by keys
 * made for the receiver's engine. A user of the manager's would have its secrets at receivers.
 */
function notifyLines({ notify = [], inform = [], reader }: SnmpdAccess): string[] {
  if (notify.length + inform.length === 0) return [];
  if (reader === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'notifications are sent as the SNMP user that may only read, and there is none',
      hint: 'Give reader.user, reader.auth and reader.priv in the file of --secrets.',
    });
  }
  const session = `trapsess -v 3 -u ${checkUser(reader)} -l authPriv`;
  return [
    ...[...new Set(notify.map((text) => UdpAddress.parseReceiver(text).toString()))].map(
      (receiver) => `${session} ${receiver}`,
    ),
    ...inform.map(({ address, engineId }) => `${session} -Ci -e 0x${engineId} ${address}`),
  ];
}
