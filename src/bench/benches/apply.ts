import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab, NETMGR } from '../lab/in-lab.js';
import type { Step } from '../lab/step.js';
import { floorSteps } from '../network/floor.js';
import { HOST, writeOneHost, type NetworkSize } from '../network/one-host.js';

interface Size extends NetworkSize {
  /** Seconds that an apply may take beside twice its floor. */
  readonly extra?: number;
}

const SIZES: readonly Size[] = [
  { vifs: 100, links: 5 },
  { vifs: 1000, links: 5, extra: 0.6 },
  { vifs: 1000, links: 50, extra: 1.5 },
  { vifs: 250, links: 249 },
];

/** Of a host that has nothing to a host that has all, by the program as a user calls it. */
export const apply: Bench = {
  name: 'apply',
  measures: 'vifs × links of each on one host, from cold files, in all',
  run: async (context) => {
    const figures: Figure[] = [];
    for (const size of SIZES) figures.push(await measure(context, size));
    return figures;
  },
};

async function measure({ directory: all, repeat, say }: BenchContext, size: Size): Promise<Figure> {
  const what = `${String(size.vifs)} × ${String(size.links)}`;
  const directory = join(all, `${String(size.vifs)}-${String(size.links)}`);
  await mkdir(directory);
  const { real, virtual } = await writeOneHost(directory, size);
  const plan = join(directory, 'plan.json');
  const lab = { directory, real };

  say(`apply ${what}: netmgr`);
  const planned: Step = {
    argv: [...NETMGR, 'plan', '--commands', '--json', real, virtual],
    ...{ stdout: plan, accept: [2] },
  };
  const round: readonly Step[] = [
    { argv: [...NETMGR, 'apply', real, virtual] },
    { argv: [...NETMGR, 'destroy', real] },
  ];
  const rounds = Array.from({ length: repeat }, () => round).flat();
  const [, ...seconds] = await inLab({ ...lab, agents: true }, [planned, ...rounds]);
  const samples = seconds.filter((_, index) => index % round.length === 0);

  say(`apply ${what}: the floor`);
  const tools = await floorSteps(directory, plan);
  const clean: Step = { argv: [...NETMGR, 'agent', 'clean'] };
  const floorRound = [...tools, clean];
  const floorRounds = Array.from({ length: repeat }, () => floorRound).flat();
  const times = await inLab({ ...lab, agents: false, host: HOST }, floorRounds);
  const floors = Array.from({ length: repeat }, (_, index) =>
    sum(times.slice(index * floorRound.length, (index + 1) * floorRound.length - 1)),
  );

  const floor = median(floors);
  const { extra } = size;
  return {
    ...{ what, value: median(samples), unit: 's', samples },
    beside: { what: 'the floor: the same commands by tc, ipset, iptables-restore, nft', value: floor },
    ...(extra === undefined
      ? {}
      : { bound: { atMost: 2 * floor + extra, words: `2 × floor + ${String(extra)} s` } }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
