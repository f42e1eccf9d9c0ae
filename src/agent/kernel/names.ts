import { NetmgrError } from '../../errors.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';

/** What a network namespace of a machine may be called. */
export const MACHINE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function expect(pattern: RegExp, name: string, what: string): string {
  if (pattern.test(name)) return name;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${JSON.stringify(name)} is no ${what}`,
    hint: 'Use letters, digits, ".", "_" and "-", beginning with a letter or a digit.',
  });
}

/**
 * The name, if it can stand in a batch as an interface's.
 *
 * @throws NetmgrError `InvalidInput`: a name that was not checked could become a command of its own.
 */
export const expectInterfaceName = (name: string): string => expect(INTERFACE_NAME, name, 'interface name');

/** The name, if it can be a machine's namespace. @throws NetmgrError `InvalidInput`. */
export const expectMachineName = (name: string): string => expect(MACHINE_NAME, name, 'machine name');
