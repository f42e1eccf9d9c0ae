import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetmgrError } from '../../errors.js';
import { startLab } from '../../lab/start-lab.js';
import type { LabOrder, LabOutcome, Step } from './step.js';

const INSIDE = fileURLToPath(new URL('inside.js', import.meta.url));

/** The program as a user has it. */
export const NETMGR: readonly [string, string] = [
  process.execPath,
  fileURLToPath(new URL('../../cli/main.js', import.meta.url)),
];

export interface InLabOptions {
  /** For the lab's files; it can be seen inside. */
  readonly directory: string;
  /** The real-environment file. */
  readonly real: string;
  /** Without agents, the lab has hosts and machines alone. */
  readonly agents: boolean;
  /** The namespace that the steps run in. Default: the lab's own, where the manager is. */
  readonly host?: string;
}

/**
 * Builds a lab on this machine's kernel, runs steps in it one after the other, and removes it.
 *
 * @returns the seconds that each step took
 * @throws NetmgrError `CommandFailed` if a step or the lab failed
 */
export async function inLab(options: InLabOptions, steps: readonly Step[]): Promise<readonly number[]> {
  const { directory, real, agents, host } = options;
  const outcome = join(directory, 'outcome.json');
  const order = join(directory, 'order.json');
  await writeFile(order, JSON.stringify({ steps, outcome } satisfies LabOrder));
  // What an earlier lab has left would pass for this one's.
  await writeFile(outcome, '');
  const inside = [process.execPath, INSIDE, order] as const;
  const lab = startLab({
    ...{ kernel: 'native', real, agents, cwd: directory, stdout: 'ignore', stderr: 'pipe' },
    command: host === undefined ? inside : ['ip', 'netns', 'exec', host, ...inside],
  });
  const [, , errors] = lab.streams;
  let words = '';
  for await (const bytes of errors ?? []) words = `${words}${String(bytes)}`.slice(-4000);
  await lab.ended;
  const text = await readFile(outcome, 'utf8');
  if (text === '') throw labFailed(`the lab could not be built: ${words.trim()}`);
  const { seconds, failure } = JSON.parse(text) as LabOutcome;
  if (failure !== undefined) throw labFailed(failure);
  return seconds;
}

const labFailed = (message: string): NetmgrError => new NetmgrError({ kind: 'CommandFailed', message });
