import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bound } from '../../src/evaluation/findings/bound.js';
import { run } from '../../src/process/run.js';

const MAIN = fileURLToPath(new URL('../../dist/evaluation/main.js', import.meta.url));

/** What the evaluation says at its end, with --json. */
export interface Verdict {
  readonly ok: boolean;
  readonly bounds: readonly Bound[];
  readonly failures: readonly { readonly experiment: string; readonly failure: string }[];
}

/** Runs the evaluation as a user would, whatever its verdict. */
export async function runEvaluation(args: readonly string[], timeout: number): Promise<Verdict> {
  if (!existsSync(MAIN)) throw new Error('build first: npm run build');
  const { stdout } = await run([process.execPath, MAIN, '--json', ...args], { timeout, accept: [0, 1] });
  return JSON.parse(stdout) as Verdict;
}
