import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../statistics/summary.js';
import type { IdleReport } from '../agent/idle.js';
import type { NotedMemory } from '../agent/rest.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import { applyStep } from '../lab/netmgr-steps.js';
import type { Step } from '../lab/step.js';
import { hostName, writeReal, writeVirtual, type NetworkSize } from '../network/environment.js';

const LARGE: NetworkSize = { vifs: 1000, links: 50 };
const OFTEN: NetworkSize = { vifs: 100, links: 5 };
const COMMITS = 1000;
/** Octets, and the share of a processor. */
const [MOST_MEMORY, MOST_IDLE] = [120e6, 0.01];
/** How much more memory than after the first hundred commits is no growth: that of a heap goes up and down. */
const NO_GROWTH = 1.1;

/** What is walked, and net-snmp's own beside it. Link state is 50,000 rows: a column of it is enough. */
const OWN_WALK = 'IF-MIB::ifTable';
const WALKS: readonly { readonly what: string; readonly object: string }[] = [
  { what: 'walk of vif state', object: 'NETEMU-MIB::netemuVifStateTable' },
  { what: 'walk of link state, octets', object: 'NETEMU-MIB::netemuLinkStateOctets' },
];

/** What an agent takes of its host while nothing happens, and how fast it tells of it. */
export const agent: Bench = {
  name: 'agent',
  measures: `an agent with ${String(LARGE.vifs)} vifs × ${String(LARGE.links)} links, and after many commits`,
  async *run(context) {
    yield* await measureLarge(context);
    yield* await measureOften(context);
  },
};

async function measureLarge({ directory: all, repeat, say }: BenchContext): Promise<Figure[]> {
  const directory = join(all, 'large');
  await mkdir(directory);
  const real = await writeReal(directory, LARGE);
  const virtual = await writeVirtual(join(directory, 'virtual.xml'), LARGE);
  const idle = join(directory, 'idle.json');
  const objects = [OWN_WALK, ...WALKS.map(({ object }) => object)];
  const walks = Array.from({ length: repeat }, (_, round) =>
    objects.map((object, place): Step => ({
      argv: ['snmpbulkwalk', '-Cr50', '-t', '20', '-On', hostName(1), object],
      stdout: join(directory, `walk-${String(round)}-${String(place)}`),
    })),
  ).flat();
  say('agent: at rest, and walks');
  const [, , ...seconds] = await inLab({ directory, real, agents: true }, [
    applyStep(real, virtual),
    program('idle', idle),
    ...walks,
  ]);
  const rates: number[] = [];
  for (const [n, { stdout = '' }] of walks.entries())
    rates.push((await valuesIn(stdout)) / (seconds[n] ?? NaN));
  const ratesOf = (place: number): number[] => rates.filter((_, n) => n % objects.length === place);

  const report = JSON.parse(await readFile(idle, 'utf8')) as IdleReport;
  const times = `${String(report.examinations)} examinations in ${report.seconds.toFixed(0)} s`;
  return [
    megabytes('memory at rest', report.memory.resident, { most: MOST_MEMORY }),
    megabytes('memory, most in an apply', report.memory.peak),
    {
      ...{ what: `at rest, ${times}`, value: report.agent * 100, unit: '%' },
      bound: { atMost: MOST_IDLE * 100, words: 'of one processor' },
    },
    { what: '  its snmpd and monitors', value: report.companions * 100, unit: '%' },
    ...WALKS.map(({ what }, n): Figure => {
      const samples = ratesOf(n + 1);
      return {
        ...{ what, value: median(samples), unit: '/s', samples },
        beside: { what: `values of ${OWN_WALK}, by net-snmp itself`, value: median(ratesOf(0)) },
      };
    }),
  ];
}

async function measureOften({ directory: all, say }: BenchContext): Promise<Figure[]> {
  const directory = join(all, 'often');
  await mkdir(directory);
  const real = await writeReal(directory, OFTEN);
  const output = join(directory, 'memory.json');
  say(`agent: ${String(COMMITS)} commits`);
  const { vifs, links } = OFTEN;
  await inLab({ directory, real, agents: true }, [
    program('commit-often', real, ...[vifs, links, COMMITS].map(String), output),
  ]);
  const noted = JSON.parse(await readFile(output, 'utf8')) as NotedMemory[];
  const first = noted[0]?.resident ?? NaN;
  return noted.map(({ commits, resident }, n): Figure => {
    const isLast = n === noted.length - 1;
    const figure = megabytes(
      `memory at rest after ${String(commits)} commits`,
      resident,
      isLast ? { most: first * NO_GROWTH } : {},
    );
    return { ...figure, beside: { what: 'the memory after the first of them', value: first / 1e6 } };
  });
}

/** A program of this bench, as a step. */
const program = (name: string, ...args: string[]): Step => ({
  argv: [process.execPath, fileURLToPath(new URL(`../agent/${name}.js`, import.meta.url)), ...args],
});

function megabytes(what: string, octets: number, { most }: { readonly most?: number } = {}): Figure {
  return {
    ...{ what, value: octets / 1e6, unit: 'MB' },
    ...(most === undefined ? {} : { bound: { atMost: most / 1e6, words: 'of memory' } }),
  };
}

/** How many values a walk has printed; one that has several lines begins with the number of its object. */
async function valuesIn(file: string): Promise<number> {
  return (await readFile(file, 'utf8')).match(/^\.1\./gm)?.length ?? 0;
}
