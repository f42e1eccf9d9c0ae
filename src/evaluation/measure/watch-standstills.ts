import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { NetmgrError } from '../../errors.js';
import { startAttached } from '../../process/start-attached.js';
import type { Standstills } from '../sample.js';

/** Microseconds between two wake-ups: seldom enough to leave the one CPU of a User-Mode Linux kernel to the data. */
const INTERVAL = 5000;
/** Microseconds: what is later counts as so late. */
const LATEST = 400_000;
/** Microseconds: what is less late than this says nothing of any link. */
const LATE = 500;

const report = z.object({
  thread: z.object({
    '0': z.object({ cycles: z.number(), max: z.number(), histogram: z.record(z.string(), z.number()) }),
  }),
});

/**
 * Does the work, and watches meanwhile how late the kernel wakes a program that comes before all others: where that is
 * late, so are the timers that let a link's packets pass.
 *
 * @throws NetmgrError `CommandFailed` if cyclictest(8) cannot watch
 */
export async function watchStandstills<T>(
  work: () => Promise<T>,
): Promise<{ result: T; standstills: Standstills }> {
  const directory = await mkdtemp(join(tmpdir(), 'netmgr-watch-'));
  const file = join(directory, 'cyclictest.json');
  const watch = startAttached(
    [
      ...(['cyclictest', '--quiet', '--policy=fifo', '--priority=80', '--threads=1'] as const),
      ...[`--interval=${String(INTERVAL)}`, `--histogram=${String(LATEST)}`, `--json=${file}`],
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  try {
    const result = await work();
    watch.kill('SIGTERM');
    const { exitCode, notStarted } = await watch.ended;
    if (exitCode !== 0) {
      throw new NetmgrError({
        kind: 'CommandFailed',
        message: `cyclictest ended with ${notStarted ?? `exit code ${String(exitCode)}`}`,
        hint: 'Install rt-tests; scripts/setup does.',
      });
    }
    return { result, standstills: standstillsOf(await readFile(file, 'utf8')) };
  } finally {
    watch.kill('SIGKILL');
    await watch.ended;
    await rm(directory, { recursive: true, force: true });
  }
}

function standstillsOf(json: string): Standstills {
  const { cycles, max, histogram } = report.parse(JSON.parse(json)).thread['0'];
  const counts = Object.entries(histogram).map(
    ([microseconds, count]) => [Number(microseconds), count] as const,
  );
  const late = counts
    .filter(([microseconds]) => microseconds >= LATE)
    .flatMap(([microseconds, count]) => Array.from({ length: count }, () => microseconds / 1000));
  // What is beyond the histogram is only counted.
  const beyond = cycles - counts.reduce((sum, [, count]) => sum + count, 0);
  return {
    interval: INTERVAL / 1000,
    cycles,
    late: [...late, ...Array.from({ length: Math.max(0, beyond) }, () => max / 1000)],
  };
}
