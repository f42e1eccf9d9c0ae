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

export interface SnmpdConfig {
  /** `udp:127.0.0.1:161` or `udp6:[::1]:161`. */
  readonly address: string;
  readonly agentxSocket: string;
  /** Hexadecimal digits, without 0x. */
  readonly engineId: string;
  /** The user that may write, and the one that may only read. */
  readonly manager: string;
  readonly reader?: string | undefined;
  /** Where traps go, such as `udp:10.0.0.5:162`. */
  readonly notify?: readonly string[] | undefined;
  /** Where informs go, which are sent again until they are confirmed. */
  readonly inform?: readonly InformReceiver[] | undefined;
  readonly sysName?: string | undefined;
  readonly sysLocation?: string | undefined;
  readonly sysContact?: string | undefined;
}

/** The RFC 1213 subtree that every SNMP manager expects to read. */
const MIB_2 = '1.3.6.1.2.1';

/** sun_path has 108 octets with its NUL (unix(7)). */
const MAX_SOCKET_PATH = 107;

/**
 * The text of snmpd.conf(5): SNMPv3 authPriv only, the AgentX socket, and who may see and write what. It
 * holds no secret.
 *
 * @throws NetmgrError `InvalidInput` for a value that snmpd would read as something else.
 */
export function snmpdConfig(config: SnmpdConfig): string {
  const writable = [NETEMU_CFG, NETEMU_CONFIG, NETEMU_NOTIFY_CONTROL, NETEMU_PROBE];
  const lines = [
    `agentaddress ${UdpAddress.parse(config.address).toString()}`,
    `exactEngineID 0x${config.engineId}`,
    'dontLogTCPWrappersConnects yes',
    'master agentx',
    `agentXSocket unix:${checkSocketPath(config.agentxSocket)}`,
    'agentXPerms 0600 0700',
    // One late answer ends the session of a subagent, and a read of thousands of interfaces takes seconds.
    'agentXTimeout 15',
    // A stream loses nothing: a repeated request would only be answered twice.
    'agentXRetries 0',
    ...systemLine('sysName', config.sysName),
    ...systemLine('sysLocation', config.sysLocation),
    ...systemLine('sysContact', config.sysContact),
    `view netmgrR included .${MIB_2}`,
    `view netmgrR included .${oidText(NETEMU_MIB)}`,
    ...writable.map((subtree) => `view netmgrW included .${oidText(subtree)}`),
    `group netmgrG usm ${checkUser(config.manager)}`,
    'access netmgrG "" usm priv exact netmgrR netmgrW netmgrR',
    ...(config.reader === undefined ? [] : [`rouser -s usm ${checkUser(config.reader)} priv -V netmgrR`]),
    ...notifyLines(config),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Where snmpd sends notifications (trapsess), as the reader: SNMPv3 traps by the keys that snmpd has of it, informs by keys
 * made for the receiver's engine. A user of the manager's would have its secrets at receivers.
 */
function notifyLines({ notify = [], inform = [], reader }: SnmpdConfig): string[] {
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

/** snmpd takes a comma or a blank for the end of an address, and so do we refuse them. */
function checkSocketPath(path: string): string {
  if (!/^\/[A-Za-z0-9_./+@-]+$/.test(path)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${path}" cannot be the path of the AgentX socket`,
      hint: 'Use an absolute state directory of letters, digits and _ . / + @ - only.',
    });
  }
  if (path.length > MAX_SOCKET_PATH) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the path of the AgentX socket has ${String(path.length)} characters, not at most 107: ${path}`,
      hint: 'Use a state directory with a shorter path.',
    });
  }
  return path;
}

/** A user name that needs no quotes in snmpd's files (RFC 3414: at most 32 octets). */
export function checkUser(name: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/.test(name)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${name}" cannot be the name of an SNMP user`,
      hint: 'Use up to 32 letters, digits and _ . - only.',
    });
  }
  return name;
}

function systemLine(token: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value) || /["'\\]/.test(value)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${value}" cannot be ${token}`,
      hint: 'Use up to 255 printable ASCII characters without quotes and backslashes.',
    });
  }
  return [`${token} ${value}`];
}
