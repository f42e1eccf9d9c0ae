import { expectMachineName } from '../names.js';

/** Where ip(8) keeps the namespaces that have a name. */
const DIRECTORY = '/var/run/netns';

/**
 * The words before a command that run it in a network namespace. ip-netns(8) would mount /sys anew each time and look for files
 * in /etc/netns, which costs several times as much as to enter, and nothing that runs here looks there.
 */
export function inNamespace(machine: string): readonly [string, ...string[]] {
  return ['nsenter', `--net=${DIRECTORY}/${expectMachineName(machine)}`, '--'];
}
