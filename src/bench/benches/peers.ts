import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../statistics/summary.js';
import { run } from '../../process/run.js';
import type { Bench, BenchContext, Figure } from '../bench.js';
import { inLab } from '../lab/in-lab.js';
import { commitsOf, logStep } from '../lab/agent-log.js';
import { applyStep, destroyStep, planStep } from '../lab/netmgr-steps.js';
import type { Step } from '../lab/step.js';
import { floorSteps } from '../network/floor.js';
import { measureFloor } from '../network/measure-floor.js';
import { hostName, writeReal, writeVirtual } from '../network/environment.js';

const VIFS = 1000;
/** Of the commands one of so many is run, and the time multiplied: all of them take a minute or more. */
const SAMPLE = 20;
/** It is no TypeScript, and stays where it is. */
const MININET = fileURLToPath(new URL('../../../src/bench/peers/limit-by-mininet.py', import.meta.url));

/** Limits the bandwidth of interfaces that exist: by netmgr, by Mininet, and as programs do that run a process per command. */
export const peers: Bench = {
  name: 'peers',
  measures: `${VIFS.toLocaleString('en-GB')} vifs with a bandwidth each, beside other ways to have that`,
  async *run(context) {
    yield* await measure(context);
  },
};

async function measure({ directory, repeat, say }: BenchContext): Promise<Figure[]> {
  const size = { vifs: VIFS, links: 1 };
  const real = await writeReal(directory, size);
  const virtual = await writeVirtual(join(directory, 'virtual.xml'), size);
  const [plan, log] = [join(directory, 'plan.json'), join(directory, 'agent.log')];

  say('peers: netmgr');
  const round = [applyStep(real, virtual), destroyStep(real)];
  const [, ...seconds] = await inLab({ directory, real, agents: true }, [
    planStep(real, virtual, plan),
    ...Array.from({ length: repeat }, () => round).flat(),
    logStep(hostName(1), log),
  ]);
  const applies = seconds.slice(0, -1).filter((_, index) => index % round.length === 0);
  const commits = (await commitsOf(log)).filter((_, index) => index % round.length === 0);

  say('peers: a process per command');
  const [batch] = (await floorSteps(directory, plan)).filter(({ argv: [tool] }) => tool === 'tc');
  const lines = (await readFile(batch?.stdin ?? '', 'utf8')).split('\n');
  const sample = join(directory, 'sample.tc');
  await writeFile(sample, lines.slice(0, lines.length / SAMPLE).join('\n'));
  // xargs(1) starts tc with the words of each line.
  const [each = NaN] = await inLab({ directory, real, agents: false, host: hostName(1) }, [
    { argv: ['xargs', '-L', '1', 'tc'], stdin: sample },
  ]);
  const processes = each * SAMPLE;
  const [commands = NaN] = await measureFloor({ directory, real }, [plan], repeat);

  const mininet = await measureMininet({ directory, repeat, say }, real);
  const apply = median(applies);
  return [
    {
      ...{ what: 'apply, from command line to end', value: apply, unit: 's', samples: applies },
      beside: { what: `tc, a process per command (1 of ${String(SAMPLE)}, multiplied)`, value: processes },
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
            ...{ what: 'the commands that it runs alone', value: commands, unit: 's' },
            beside: { what: "Mininet's TCIntf.config() alone", value: mininet },
          },
          {
            ...{ what: "the agent's commit", value: median(commits), unit: 's', samples: commits },
            beside: { what: "Mininet's TCIntf.config() alone", value: mininet },
            bound: { atMost: mininet / 40, words: '40 × faster than Mininet' },
          },
        ]),
  ];
}

/** Debian's own: another one that comes first on the PATH has not the modules of Debian's packages. */
const PYTHON = '/usr/bin/python3';

/** Seconds that Mininet takes, which is in Debian's package mininet; undefined without it. */
async function measureMininet(
  { directory, repeat, say }: BenchContext,
  real: string,
): Promise<number | undefined> {
  const { exitCode } = await run([PYTHON, '-c', 'import mininet.link'], { accept: [0, 1] });
  if (exitCode !== 0) {
    say("peers: Mininet is not measured: install Debian's package mininet");
    return undefined;
  }
  say('peers: Mininet');
  const outputs = Array.from({ length: repeat }, (_, n) => join(directory, `mininet-${String(n)}`));
  const steps = outputs.map((output): Step => ({ argv: [PYTHON, MININET, String(VIFS), output] }));
  // A lab each: it would first delete what it has made the time before.
  for (const step of steps) await inLab({ directory, real, agents: false, host: hostName(1) }, [step]);
  const seconds: number[] = [];
  for (const output of outputs) seconds.push(Number(await readFile(output, 'utf8')));
  return median(seconds);
}
