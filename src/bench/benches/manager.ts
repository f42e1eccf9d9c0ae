import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../process/run.js';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Bound, Figure } from '../bench.js';
import { environmentFiles, type EnvironmentSize } from '../manager/environment-files.js';
import { STAGES, type StagesReport } from '../manager/stages.js';

interface Size extends EnvironmentSize {
  readonly seconds?: Bound;
  /** MiB. */
  readonly peak?: Bound;
}

const SIZES: readonly Size[] = [
  { machines: 10_000, hosts: 100 },
  {
    ...{ machines: 100_000, hosts: 100 },
    seconds: { atMost: 6, words: '6 s' },
    peak: { atMost: 700, words: '700 MiB' },
  },
];

const MAIN = fileURLToPath(new URL('../manager/stages-main.js', import.meta.url));

/** What the manager does by itself: from files to the digest of what each host is to run. */
export const manager: Bench = {
  name: 'manager',
  measures: 'machines that the manager reads, validates, merges and plans, without agents',
  async *run(context) {
    for (const size of SIZES) yield* await measure(context, size);
  },
};

async function measure({ directory, repeat, say }: BenchContext, size: Size): Promise<Figure[]> {
  const { machines, hosts } = size;
  const of = machines.toLocaleString('en-GB');
  const files = environmentFiles(size);
  const paths = [
    join(directory, `real-${String(machines)}.xml`),
    join(directory, `virtual-${String(machines)}.xml`),
  ];
  await Promise.all([files.real, files.virtual].map((text, i) => writeFile(paths[i] ?? '', text)));
  const reports: { readonly seconds: number; readonly report: StagesReport }[] = [];
  for (let n = 0; n < repeat; n++) {
    say(`manager ${of} machines on ${String(hosts)} hosts`);
    const begun = performance.now();
    const { stdout } = await run([process.execPath, MAIN, ...paths], { timeout: 600_000 });
    const seconds = (performance.now() - begun) / 1000;
    reports.push({ seconds, report: JSON.parse(stdout) as StagesReport });
  }
  const figure = (what: string, unit: string, samples: readonly number[], bound?: Bound): Figure => ({
    ...{ what: `${of} ${what}`, value: median(samples), unit, samples },
    ...(bound === undefined ? {} : { bound }),
  });
  return [
    ...STAGES.map((stage) =>
      figure(
        stage,
        's',
        reports.map(({ report }) => report.seconds[stage]),
      ),
    ),
    figure(
      'in all',
      's',
      reports.map(({ seconds }) => seconds),
      size.seconds,
    ),
    figure(
      'of the processors',
      's',
      reports.map(({ report }) => report.processors),
    ),
    figure(
      'peak memory',
      'MiB',
      reports.map(({ report }) => report.peak),
      size.peak,
    ),
  ];
}
