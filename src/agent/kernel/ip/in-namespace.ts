import { expectMachineName } from '../names.js';

/** Where ip(8) keeps the namespaces that have a name. */
const DIRECTORY = '/var/run/netns';

/** The words before a command that run it in the network namespace of a machine. @throws NetmgrError `InvalidInput`: it is no name */
export function inNamespace(machine: string): readonly [string, ...string[]] {
  return inNamespaceAt(`${DIRECTORY}/${expectMachineName(machine)}`);
}

/**
 * The same for a namespace by its file (namespaces(7)). ip-netns(8) would mount /sys anew each time and look for files
 * in /etc/netns, which costs several times as much as to enter, and nothing that runs here looks there.
 *
 * @param path a path that we made ourselves
 */
export function inNamespaceAt(path: string): readonly [string, ...string[]] {
  return ['nsenter', `--net=${path}`, '--'];
}
