import { NetmgrError } from '../../errors.js';
import { UdpAddress } from '../../units/udp-address.js';
import { accessLines, SUBAGENT_LINES, type SnmpdAccess } from './access-lines.js';
import { checkSocketPath } from './snmpd-words.js';

export interface SnmpdConfig extends SnmpdAccess {
  /** `udp:127.0.0.1:161` or `udp6:[::1]:161`. */
  readonly address: string;
  readonly agentxSocket: string;
  /** Hexadecimal digits, without 0x. */
  readonly engineId: string;
  readonly sysName?: string | undefined;
  readonly sysLocation?: string | undefined;
  readonly sysContact?: string | undefined;
}

/**
 * The text of snmpd.conf(5): SNMPv3 authPriv only, the AgentX socket, and who may see and write what. It
 * holds no secret.
 *
 * @throws NetmgrError `InvalidInput` for a value that snmpd would read as something else.
 */
export function snmpdConfig(config: SnmpdConfig): string {
  const lines = [
    `agentaddress ${UdpAddress.parse(config.address).toString()}`,
    `exactEngineID 0x${config.engineId}`,
    'dontLogTCPWrappersConnects yes',
    ...SUBAGENT_LINES,
    `agentXSocket unix:${checkSocketPath(config.agentxSocket, 'state directory')}`,
    'agentXPerms 0600 0700',
    ...systemLine('sysName', config.sysName),
    ...systemLine('sysLocation', config.sysLocation),
    ...systemLine('sysContact', config.sysContact),
    ...accessLines(config),
  ];
  return `${lines.join('\n')}\n`;
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
