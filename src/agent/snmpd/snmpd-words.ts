import { NetmgrError } from '../../errors.js';

/** sun_path has 108 octets with its NUL (unix(7)). */
const MAX_SOCKET_PATH = 107;

/**
 * snmpd takes a comma or a blank for the end of an address, and so do we refuse them.
 *
 * @param whereFrom What gives the path, for the remedy: `path`.
 * @throws NetmgrError `InvalidInput`
 */
export function checkSocketPath(path: string, whereFrom: string): string {
  if (!/^\/[A-Za-z0-9_./+@-]+$/.test(path)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${path}" cannot be the path of the AgentX socket`,
      hint: `Use an absolute ${whereFrom} of letters, digits and _ . / + @ - only.`,
    });
  }
  if (path.length > MAX_SOCKET_PATH) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the path of the AgentX socket has ${String(path.length)} characters, not at most 107: ${path}`,
      hint: `Use a shorter ${whereFrom}.`,
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
