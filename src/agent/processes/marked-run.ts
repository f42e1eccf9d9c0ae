import type { Run } from '../../process/run.js';

const VARIABLE = 'NETMGR_AGENT';

/**
 * The environment of what belongs to a directory of files that has one owner: an agent's state directory, or its
 * snmpd's. By it the directory's next owner finds what the last one left running.
 *
 * @param directory an absolute path, always written alike
 */
export function processMark(directory: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: directory };
}

/** Runs commands that bear the mark of the directory, and whatever they start does too. */
export function markedRun(run: Run, directory: string): Run {
  return (argv, options) => run(argv, { ...options, env: { ...options?.env, ...processMark(directory) } });
}

/** Whether a process of that environment, as `NAME=VALUE`, is an agent's, whichever. */
export function isMarked(environment: readonly string[]): boolean {
  return environment.some((entry) => entry.startsWith(`${VARIABLE}=`));
}
