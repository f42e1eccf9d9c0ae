import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Bound, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import { applyStep, planStep } from '../lab/netmgr-steps.js';
import type { Step } from '../lab/step.js';
import { FLOOR, measureFloor } from '../network/measure-floor.js';
import { writeReal, writeVirtual, type NetworkSize } from '../network/environment.js';

const SIZES: readonly NetworkSize[] = [
  { vifs: 1000, links: 5 },
  { vifs: 1000, links: 50 },
];

/** After a commit an agent examines its host, and an apply right behind waits for that: it is not what is measured. */
const REST: Step = { argv: ['sleep', '5'] };

/** What is changed of a network that is applied, and back. */
interface Change {
  readonly what: string;
  readonly isChanged: (vif: number, link: number) => boolean;
  readonly bound?: Bound;
}

const CHANGES: readonly Change[] = [
  {
    what: 'one link',
    isChanged: (vif, link) => vif === 0 && link === 0,
    bound: { atMost: 0.7, words: 'one link of 50,000' },
  },
  { what: '1 % of the links', isChanged: (vif, link) => vif % 100 === 1 && link >= 0 },
  { what: 'all links', isChanged: () => true },
];

/** Of a host that has all already: what is the same costs nothing, and a change costs what it changes. */
export const change: Bench = {
  name: 'change',
  measures: 'an apply where all is there, or all but something',
  async *run(context) {
    for (const size of SIZES) yield* await measure(context, size);
  },
};

async function measure({ directory: all, repeat, say }: BenchContext, size: NetworkSize): Promise<Figure[]> {
  const of = `${String(size.vifs)} × ${String(size.links)}`;
  const directory = join(all, `${String(size.vifs)}-${String(size.links)}`);
  await mkdir(directory);
  const real = await writeReal(directory, size);
  const usual = await writeVirtual(join(directory, 'virtual.xml'), size);
  const plans: string[] = [];
  const steps: Step[] = [];
  const planned = (virtual: string): Step => {
    const plan = join(directory, `plan-${String(plans.length)}.json`);
    plans.push(plan);
    return planStep(real, virtual, plan);
  };
  const timesOf = new Map<string, number[]>();
  const timed = (name: string, step: Step): void => {
    steps.push(REST);
    timesOf.set(name, [...(timesOf.get(name) ?? []), steps.push(step) - 1]);
  };
  steps.push(planned(usual), applyStep(real, usual));
  for (let n = 0; n < repeat; n++) {
    timed('nothing', { argv: [process.execPath, '-e', ''] });
    timed('unchanged', applyStep(real, usual));
  }
  for (const { what, isChanged } of CHANGES) {
    const changed = await writeVirtual(join(directory, `${what.replace(/\W/g, '')}.xml`), size, isChanged);
    steps.push(planned(changed));
    // There and back: a change of the same size in both directions.
    for (let n = 0; n < repeat; n++) {
      timed(what, applyStep(real, changed));
      if (n < repeat - 1) steps.push(applyStep(real, usual));
    }
    steps.push(applyStep(real, usual));
  }
  say(`change ${of}: netmgr`);
  const seconds = await inLab({ directory, real, agents: true }, steps);
  const samplesOf = (name: string): number[] =>
    (timesOf.get(name) ?? []).map((index) => seconds[index] ?? NaN);

  say(`change ${of}: the floor`);
  const [, ...floors] = await measureFloor({ directory, real }, plans, 1);
  const unchanged = samplesOf('unchanged');
  return [
    {
      ...{ what: `${of}: nothing`, value: median(unchanged), unit: 's', samples: unchanged },
      beside: { what: 'a Node that does nothing', value: median(samplesOf('nothing')) },
      bound: { atMost: 0.5, words: 'where nothing changes' },
    },
    ...CHANGES.map(({ what, bound }, i): Figure => {
      const samples = samplesOf(what);
      return {
        ...{ what: `${of}: ${what}`, value: median(samples), unit: 's', samples },
        beside: { what: FLOOR, value: floors[i] ?? NaN },
        ...(bound === undefined ? {} : { bound }),
      };
    }),
  ];
}
