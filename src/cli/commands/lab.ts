import { Command, InvalidArgumentError, Option } from 'commander';
import { NetmgrError } from '../../errors.js';
import type { LabKernel } from '../../lab/control/message.js';
import type { LabOptions } from '../../lab/lab-options.js';
import { printLabEvent } from './lab-progress.js';

interface LabRunOptions {
  readonly kernel: LabKernel | 'auto';
  readonly memory: string;
  readonly kernelPerHost: boolean;
  readonly hostMemory: string;
  readonly agents: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
The command runs in the lab's own network, where the hosts' names lead to their agents and every host and machine is
a network namespace of its name. It finds netmgr, the secrets and the MIBs through its environment. Default: a shell.
The lab ends with the command, and its exit code is the command's.

Examples:
  $ netmgr lab run real.xml virtual.xml
  $ netmgr lab run real.xml virtual.xml -- ip netns exec vmgrid101 ping -c 3 10.2.0.1
  $ netmgr lab run --no-agents --kernel uml real.xml -- ip netns list
  $ netmgr lab run --kernel-per-host real.xml virtual.xml -- netmgr-host host1 power-off
`;

/** `netmgr lab`: the real environment of a file on one machine. */
export function labCommand(): Command {
  const lab = new Command('lab').description('build the hosts and machines of a file on this machine');
  lab
    .command('run')
    .description('run a command, or a shell, in a lab that stands as long as it runs')
    .argument('<real>', 'the real-environment file: the hosts and machines to build')
    .argument(
      '[rest...]',
      'the virtual-environment file to apply, then -- and the command with its arguments',
    )
    .usage('[options] <real> [virtual] [-- command...]')
    .addOption(
      new Option('--kernel <kernel>', "this machine's kernel, or a User-Mode Linux kernel")
        .choices(['native', 'uml', 'auto'])
        .default('auto'),
    )
    .option('--memory <size>', 'memory of a User-Mode Linux kernel', memory, '2G')
    .option(
      '--kernel-per-host',
      'a User-Mode Linux kernel with a disk for each host, which netmgr-host switches off and on',
      false,
    )
    .option('--host-memory <size>', "memory of each host's kernel, with --kernel-per-host", memory, '512M')
    .option('--no-agents', 'hosts and machines alone; no virtual file can be applied')
    .option('--json', 'progress as a JSON object per line, on standard error')
    .addHelpText('after', EXAMPLES)
    .action(async (real: string, rest: string[], options: LabRunOptions, command: Command) => {
      const { runLab } = await import('../../lab/run-lab.js');
      process.exitCode = await runLab(await labOptions(real, rest, options, command));
    });
  return lab;
}

async function labOptions(
  realPath: string,
  rest: readonly string[],
  options: LabRunOptions,
  command: Command,
): Promise<LabOptions> {
  const { virtualPath, words } = splitArguments(rest, command);
  const [program = process.env['SHELL'] || 'bash', ...args] = words;
  if (virtualPath !== undefined && !options.agents) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'a lab without agents cannot apply a virtual environment',
      hint: 'Leave out --no-agents or the virtual file.',
    });
  }
  if (options.kernelPerHost && options.kernel === 'native') {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: "--kernel-per-host needs User-Mode Linux kernels: of this machine's there is only one",
      hint: 'Leave out --kernel native or --kernel-per-host.',
    });
  }
  const { readRealEnvironment } = await import('../../manager/xml/read-real-environment.js');
  const { readVirtualEnvironment } = await import('../../manager/xml/read-virtual-environment.js');
  const { environment: real } = await readRealEnvironment(realPath);
  return {
    kernel: options.kernel,
    memory: options.memory,
    ...(options.kernelPerHost ? { kernelPerHost: { memory: options.hostMemory } } : {}),
    agents: options.agents,
    real,
    realPath,
    ...(virtualPath === undefined
      ? {}
      : { virtualPath, virtual: (await readVirtualEnvironment(virtualPath)).environment }),
    command: [program, ...args],
    onEvent: printLabEvent(options.json === true),
  };
}

/** commander drops the `--`; where it stood says which words are the command's. */
function splitArguments(
  rest: readonly string[],
  command: Command,
): { virtualPath: string | undefined; words: readonly string[] } {
  const { rawArgs } = rootOf(command) as unknown as { rawArgs: readonly string[] };
  const dashes = rawArgs.indexOf('--');
  const count = dashes < 0 ? 0 : rawArgs.length - dashes - 1;
  const files = rest.slice(0, rest.length - count);
  if (files.length > 1) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${files[1] ?? ''}" is one file too many`,
      hint: 'Write -- before the command: netmgr lab run real.xml virtual.xml -- command.',
    });
  }
  return { virtualPath: files[0], words: rest.slice(files.length) };
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function memory(text: string): string {
  if (/^[1-9][0-9]*[kKmMgG]$/.test(text)) return text;
  throw new InvalidArgumentError('Write a whole number with k, M or G, for instance 2G.');
}
