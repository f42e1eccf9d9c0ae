import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { failuresOf } from '../errors.js';
import type { Bench, BenchContext, Figure } from './bench.js';
import type { BenchResult } from './report.js';

/**
 * Runs benches one after the other, each in a directory of its own, which is gone afterwards. One that fails leaves the
 * others to be measured, and what it has measured until then.
 *
 * @param done hears of each as soon as it is done
 */
export async function runBenches(
  benches: readonly Bench[],
  { repeat, say }: Omit<BenchContext, 'directory'>,
  done: (result: BenchResult) => void,
): Promise<void> {
  for (const bench of benches) {
    const { name, measures } = bench;
    const begun = performance.now();
    const directory = await mkdtemp(join(tmpdir(), 'netmgr-bench-'));
    const seconds = (): number => (performance.now() - begun) / 1000;
    const figures: Figure[] = [];
    try {
      for await (const figure of bench.run({ repeat, directory, say })) figures.push(figure);
      done({ name, measures, figures, seconds: seconds() });
    } catch (error) {
      const failure = failuresOf(error)
        .map(({ message, hint = '' }) => `${message} ${hint}`.trim())
        .join('; ');
      done({ name, measures, figures, failure, seconds: seconds() });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}
