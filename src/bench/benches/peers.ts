import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../statistics/summary.js';
import { run } from '../../process/run.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab, NETMGR } from '../lab/in-lab.js';
import type { Step } from '../lab/step.js';
import { floorSteps } from '../network/floor.js';
import { HOST, writeReal, writeVirtual } from '../network/one-host.js';

const VIFS = 1000;
/** It is no TypeScript, and stays where it is. */
const MININET = fileURLToPath(new URL('../../../src/bench/peers/mininet.py', import.meta.url));

/** Limits the bandwidth of interfaces that exist: by netmgr, by Mininet, and as programs do that run a process per command. */
export const peers: Bench = {
  name: 'peers',
  measures: `${VIFS.toLocaleString('en-GB')} vifs with a bandwidth each, beside other ways to have that`,
  run: measure,
};

async function measure({ directory, repeat, say }: BenchContext): Promise<Figure[]> {
  const size = { vifs: VIFS, links: 1 };
  const real = await writeReal(directory, size);
  const virtual = await writeVirtual(join(directory, 'virtual.xml'), size);
  const [plan, log] = [join(directory, 'plan.json'), join(directory, 'agent.log')];

  say('peers: netmgr');
  const round: readonly Step[] = [
    { argv: [...NETMGR, 'apply', real, virtual] },
    { argv: [...NETMGR, 'destroy', real] },
  ];
  const [, ...seconds] = await inLab({ directory, real, agents: true }, [
    {
      argv: [...NETMGR, 'plan', '--commands', '--json', real, virtual],
      ...{ stdout: plan, accept: [2] },
    },
    ...Array.from({ length: repeat }, () => round).flat(),
    { argv: ['cat', join('/run/netmgr-lab/agents', `${HOST}.log`)], stdout: log },
  ]);
  const applies = seconds.slice(0, -1).filter((_, index) => index % round.length === 0);
  const commits = (await durationsOf(log)).filter((_, index) => index % round.length === 0);

  const noQdiscs: Step = { argv: [...NETMGR, 'agent', 'clean'] };
  say('peers: a process per command');
  const single: Step[] = [];
  for (const step of await floorSteps(directory, plan)) {
    const [tool] = step.argv;
    // xargs(1) starts tc with the words of each line.
    single.push(tool === 'tc' ? { ...step, argv: ['xargs', '-L', '1', 'tc'] } : step);
  }
  const each = await inLab({ directory, real, agents: false, host: HOST }, [...single, noQdiscs]);
  const processes = each.slice(0, -1).reduce((sum, time) => sum + time, 0);

  const mininet = await measureMininet({ directory, repeat, say }, real);
  const apply = median(applies);
  return [
    {
      ...{ what: 'apply, from command line to end', value: apply, unit: 's', samples: applies },
      beside: { what: 'tc, a process per command', value: processes },
    },
    ...(mininet === undefined
      ? []
      : [
          {
            ...{ what: 'apply, from command line to end', value: apply, unit: 's' },
            beside: { what: "Mininet's TCIntf.config() alone", value: mininet },
            bound: { atMost: mininet / 6, words: '6 × faster than Mininet' },
          },
          {
            ...{ what: "the agent's commit", value: median(commits), unit: 's', samples: commits },
            beside: { what: "Mininet's TCIntf.config() alone", value: mininet },
            bound: { atMost: mininet / 40, words: '40 × faster than Mininet' },
          },
        ]),
  ];
}

/** Seconds that the commits took by the agent's log. */
async function durationsOf(log: string): Promise<number[]> {
  const lines = (await readFile(log, 'utf8'))
    .split('\n')
    .filter((line) => line.includes('"action":"commit"'));
  return lines.map((line) => (JSON.parse(line) as { milliseconds: number }).milliseconds / 1000);
}

/** Seconds that Mininet takes, which is in Debian's package mininet; undefined without it. */
async function measureMininet(
  { directory, repeat, say }: BenchContext,
  real: string,
): Promise<number | undefined> {
  const { exitCode } = await run(['python3', '-c', 'import mininet.link'], { accept: [0, 1] });
  if (exitCode !== 0) {
    say("peers: Mininet is not measured: install Debian's package mininet");
    return undefined;
  }
  say('peers: Mininet');
  const outputs = Array.from({ length: repeat }, (_, n) => join(directory, `mininet-${String(n)}`));
  const steps = outputs.map((output): Step => ({ argv: ['python3', MININET, String(VIFS), output] }));
  // A lab each: it would first delete what it has made the time before.
  for (const step of steps) await inLab({ directory, real, agents: false, host: HOST }, [step]);
  const seconds: number[] = [];
  for (const output of outputs) seconds.push(Number(await readFile(output, 'utf8')));
  return median(seconds);
}
