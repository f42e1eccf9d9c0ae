import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAttached, type AttachedProcess, type Descriptor } from '../process/start-attached.js';
import type { LabKernel } from './control/message.js';

// Labs run from the built package, whatever reads this file.
const NETMGR = join(fileURLToPath(new URL('../..', import.meta.url)), 'dist/cli/main.js');

export interface StartLabOptions {
  readonly kernel: LabKernel;
  /** The real-environment file. */
  readonly real: string;
  readonly command: readonly [string, ...string[]];
  /** A command that runs what follows it, such as chrt(1). Default: none. */
  readonly prefix?: readonly [string, ...string[]] | undefined;
  /** Where the command's standard output goes. */
  readonly stdout: Descriptor;
  /** Where the lab's progress and errors go, and the command's. Default: ours. */
  readonly stderr?: Descriptor;
  /** Default: yes. */
  readonly agents?: boolean;
  /** The lab can write here. Default: ours. */
  readonly cwd?: string;
}

/** Starts `netmgr lab run` as a user would, with a command inside. Signals to us reach it as long as it runs. */
export function startLab(options: StartLabOptions): AttachedProcess {
  const { kernel, real, command, prefix, stdout, stderr = 'inherit', agents = true, cwd } = options;
  const run = [
    ...([process.execPath, NETMGR, 'lab', 'run', '--kernel', kernel] as const),
    ...[...(agents ? [] : ['--no-agents']), real, '--', ...command],
  ] as const;
  const lab = startAttached(prefix === undefined ? run : [...prefix, ...run], {
    stdio: ['inherit', stdout, stderr],
    ...(cwd === undefined ? {} : { cwd }),
  });
  // A terminal sends its signals to the lab too, which ends by itself.
  const forward = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) lab.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  void lab.ended.then(() => {
    for (const signal of signals) process.off(signal, forward);
  });
  return lab;
}
