import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../../statistics/summary.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import type { Step } from '../lab/step.js';
import { commitsOf, logStep } from '../lab/agent-log.js';
import { applyStep, destroyStep } from '../lab/netmgr-steps.js';
import { hostName, writeReal, writeVirtual } from '../network/environment.js';

const HOSTS = [1, 4, 16, 64];
const VIFS = 50;
const LINKS = 5;
const WORK = fileURLToPath(new URL('../lab/work.js', import.meta.url));

/** One apply on many hosts, each with an agent and an snmpd of its own, all on this machine. */
export const hosts: Bench = {
  name: 'hosts',
  measures: `an apply on hosts with ${String(VIFS)} vifs × ${String(LINKS)} links each`,
  async *run(context) {
    for (const count of HOSTS) yield* await measure(context, count);
  },
};

async function measure({ directory: all, repeat, say }: BenchContext, count: number): Promise<Figure[]> {
  const name = count === 1 ? '1 host' : `${String(count)} hosts`;
  say(`hosts: ${name}`);
  const directory = join(all, String(count));
  await mkdir(directory);
  const size = { hosts: count, vifs: VIFS, links: LINKS };
  const real = await writeReal(directory, size);
  const virtual = await writeVirtual(join(directory, 'virtual.xml'), size);
  const before = (n: number): string => join(directory, `before-${String(n)}`);
  const after = (n: number): string => join(directory, `after-${String(n)}`);
  const logOf = (host: number): string => join(directory, `${hostName(host)}.log`);
  const readWork = (stdout: string): Step => ({ argv: [process.execPath, WORK], stdout });
  const rounds = Array.from({ length: repeat }, (_, n): Step[] => [
    readWork(before(n)),
    applyStep(real, virtual),
    readWork(after(n)),
    destroyStep(real),
  ]);
  const logs = Array.from({ length: count }, (_, i) => logStep(hostName(i + 1), logOf(i + 1)));
  const seconds = await inLab({ directory, real, agents: true }, [...rounds.flat(), ...logs]);
  const samples = rounds.map((_, n) => seconds[n * 4 + 1] ?? NaN);
  const works: number[] = [];
  for (let n = 0; n < repeat; n++) works.push((await numberIn(after(n))) - (await numberIn(before(n))));
  const commits: number[] = [];
  for (let host = 1; host <= count; host++) commits.push((await commitsOf(logOf(host)))[0] ?? NaN);
  const share = median(works) / availableParallelism();
  const isLargest = count === HOSTS.at(-1);
  return [
    {
      ...{ what: name, value: median(samples), unit: 's', samples },
      beside: { what: "the agents' work, by the number of processors", value: share },
      ...(isLargest ? { bound: { atMost: 1.5 * share, words: "1.5 × the hosts' own work" } } : {}),
    },
    ...(count === 1
      ? []
      : [
          {
            ...{ what: `${name}: longest commit`, value: Math.max(...commits), unit: 's' },
            beside: { what: "the hosts' median of one apply", value: median(commits) },
          },
        ]),
  ];
}

const numberIn = async (path: string): Promise<number> => Number(await readFile(path, 'utf8'));
