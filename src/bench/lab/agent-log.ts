import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENTS_DIRECTORY } from '../../lab/inside/directory.js';
import type { Step } from './step.js';

/** Copies the log of a host's agent out of the lab. */
export const logStep = (host: string, stdout: string): Step => ({
  argv: ['cat', join(AGENTS_DIRECTORY, `${host}.log`)],
  stdout,
});

/** The seconds that each commit took by an agent's log, in their order. */
export async function commitsOf(log: string): Promise<number[]> {
  const lines = (await readFile(log, 'utf8'))
    .split('\n')
    .filter((line) => line.includes('"action":"commit"'));
  return lines.map((line) => (JSON.parse(line) as { readonly milliseconds: number }).milliseconds / 1000);
}
