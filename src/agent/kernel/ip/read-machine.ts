import type { Run } from '../../../process/run.js';
import { expectInterfaceName } from '../names.js';
import { batchFailed, runBatch } from '../run-batch.js';
import type { MachineState, Redirects } from './machine.js';
import { MACHINE_LINES, parseMachine } from './parse-machine.js';
import { writeMachine } from './write-machine.js';

/**
 * Reads a machine with one process.
 *
 * @param inside runs commands inside it
 * @throws NetmgrError `CommandFailed`
 */
export async function readMachine(inside: Run, machine: string): Promise<MachineState> {
  const argv = ['ip', '-j', '-batch', '-'] as const;
  const output = await inside(argv, { input: MACHINE_LINES, subject: machine, accept: [0, 1, 2] });
  if (output.exitCode !== 0) throw batchFailed(argv, MACHINE_LINES, output, machine);
  return parseMachine(output.stdout);
}

/** Brings a machine from one state to another with a process, another where forwarding changes, or none. */
export async function applyMachine(
  inside: Run,
  machine: string,
  from: MachineState,
  to: MachineState,
): Promise<void> {
  await runBatch(inside, ['ip', '-batch', '-'], writeMachine(from, to), machine);
  const settings = writeSettings(from, to);
  if (settings.length === 0) return;
  await inside(['sysctl', '-q', '-w', ...settings], { subject: machine });
}

/** Whether a machine sends redirects over interfaces, and over `all`, with one process. */
export async function readRedirects(
  inside: Run,
  machine: string,
  devices: readonly string[],
): Promise<Redirects> {
  const names = ['all', ...devices];
  const { stdout } = await inside(['sysctl', '-n', ...names.map(redirectsOf)], { subject: machine });
  const values = stdout.trim().split('\n');
  return Object.fromEntries(names.map((name, i) => [name, values[i] === '1']));
}

/** With slashes: the name of an interface may have dots. */
const redirectsOf = (device: string): string =>
  `net/ipv4/conf/${device === 'all' ? device : expectInterfaceName(device)}/send_redirects`;

/** The kernel sets all interfaces by the one for all, and those to come. */
function writeSettings(from: MachineState, to: MachineState): string[] {
  const value = (is: boolean): string => (is ? '1' : '0');
  return [
    ...(from.forwarding[4] === to.forwarding[4] ? [] : [`net/ipv4/ip_forward=${value(to.forwarding[4])}`]),
    ...(from.forwarding[6] === to.forwarding[6]
      ? []
      : [`net/ipv6/conf/all/forwarding=${value(to.forwarding[6])}`]),
    ...Object.entries(to.redirects ?? {})
      .filter(([device, is]) => from.redirects?.[device] !== is)
      .map(([device, is]) => `${redirectsOf(device)}=${value(is)}`),
  ];
}
