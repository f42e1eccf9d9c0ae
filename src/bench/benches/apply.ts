import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import { applyStep, destroyStep, planStep } from '../lab/netmgr-steps.js';
import { FLOOR, measureFloor } from '../network/measure-floor.js';
import { writeReal, writeVirtual, type NetworkSize } from '../network/environment.js';

interface Size extends NetworkSize {
  /** Seconds that an apply may take beside twice its floor. */
  readonly extra?: number;
}

const SIZES: readonly Size[] = [
  { vifs: 100, links: 5 },
  { vifs: 1000, links: 5, extra: 0.6 },
  { vifs: 1000, links: 50, extra: 1.5 },
  // Each with each other.
  { vifs: 250, links: 249 },
];

/** From a host that has nothing to a host that has all, by the program as a user calls it. */
export const apply: Bench = {
  name: 'apply',
  measures: 'vifs × links of each on one host, from cold files, in all',
  async *run(context) {
    for (const size of SIZES) yield await measure(context, size);
  },
};

async function measure({ directory: all, repeat, say }: BenchContext, size: Size): Promise<Figure> {
  const what = `${String(size.vifs)} × ${String(size.links)}`;
  const directory = join(all, `${String(size.vifs)}-${String(size.links)}`);
  await mkdir(directory);
  const real = await writeReal(directory, size);
  const virtual = await writeVirtual(join(directory, 'virtual.xml'), size);
  const plan = join(directory, 'plan.json');

  say(`apply ${what}: netmgr`);
  const round = [applyStep(real, virtual), destroyStep(real)];
  const rounds = Array.from({ length: repeat }, () => round).flat();
  const [, ...seconds] = await inLab({ directory, real, agents: true }, [
    planStep(real, virtual, plan),
    ...rounds,
  ]);
  const samples = seconds.filter((_, index) => index % round.length === 0);

  say(`apply ${what}: the floor`);
  const [floor = NaN] = await measureFloor({ directory, real }, [plan], repeat);
  const { extra } = size;
  return {
    ...{ what, value: median(samples), unit: 's', samples },
    beside: { what: FLOOR, value: floor },
    ...(extra === undefined
      ? {}
      : { bound: { atMost: 2 * floor + extra, words: `2 × floor + ${String(extra)} s` } }),
  };
}
