import { failuresOf } from '../errors.js';
import { Probers } from '../lab/prober/probers.js';
import { readRealEnvironment } from '../manager/xml/read-real-environment.js';
import { readVirtualEnvironment } from '../manager/xml/read-virtual-environment.js';
import type { DemoContext } from './demo-context.js';
import { differences, readDumps } from './dumps.js';
import { readEndpoints } from './endpoints.js';
import { measureBandwidth } from './measure-bandwidth.js';
import { measureLatency } from './measure-latency.js';
import { openMachines, probeAppliedNetwork, probeOpenNetwork } from './reach.js';
import { runNetmgr } from './run-netmgr.js';
import { Screen } from './screen.js';
import { showFiles } from './show-files.js';
import { verdictLine, type Verdict } from './verdict.js';

const SHOWN = 20;

/**
 * Applies a virtual environment in a lab, measures what the machines get, removes it, and says whether everything was
 * as the files say. To be called inside a lab.
 *
 * @param patience milliseconds after which a probe without an answer counts as blocked
 */
export async function runDemo(realPath: string, virtualPath: string, patience: number): Promise<boolean> {
  const screen = new Screen();
  const [{ environment: real }, { environment: virtual }] = await Promise.all([
    readRealEnvironment(realPath),
    readVirtualEnvironment(virtualPath),
  ]);
  const endpoints = readEndpoints(real, virtual);
  const context = { screen, realPath, virtualPath, real, virtual, endpoints, patience };
  const verdict: Verdict = {
    ...{ machines: new Set(endpoints.map(({ machine }) => machine)).size, pairs: 0, wrong: 0 },
    ...{ bandwidthError: undefined, latencyError: undefined, applied: undefined },
  };
  await orWrong(screen, async () => {
    showFiles(context);
    await performSteps(context, verdict);
  });
  const { problems } = screen;
  screen.line(
    problems.length === 0 ? '' : `\n${String(problems.length)} wrong:\n  ${problems.join('\n  ')}\n`,
  );
  screen.line(verdictLine(verdict));
  return problems.length === 0;
}

async function performSteps(context: DemoContext, verdict: Verdict): Promise<void> {
  const { screen, real, realPath, virtualPath, endpoints } = context;
  screen.heading('Before');
  const probers = await Probers.start([...new Set(endpoints.map(({ machine }) => machine))]);
  try {
    await openMachines(context);
    await probeOpenNetwork(context, probers);
    const before = await readDumps(real);
    screen.heading('Apply');
    const applied = await runNetmgr(screen, 'apply', realPath, virtualPath);
    if (!applied.succeeded) return;
    verdict.applied = Number(/ in ([0-9.]+) s$/m.exec(applied.stdout)?.[1] ?? NaN);
    Object.assign(verdict, await probeAppliedNetwork(context, probers));
    await orWrong(screen, async () => {
      verdict.bandwidthError = await measureBandwidth(context);
    });
    await orWrong(screen, async () => {
      verdict.latencyError = await measureLatency(context);
    });
    screen.heading('Apply again');
    const again = await runNetmgr(screen, 'apply', realPath, virtualPath);
    if (!again.stdout.includes('nothing to do')) screen.wrong('a second apply found something to do');
    screen.heading('Destroy');
    await runNetmgr(screen, 'destroy', realPath);
    const left = differences(before, await readDumps(real));
    if (left.length === 0) {
      screen.line('Nothing is left: qdiscs, interfaces, rules, sets, addresses and routes are as');
      screen.line('before.');
    } else {
      screen.wrong(`destroy left something:\n    ${left.slice(0, SHOWN).join('\n    ')}`);
    }
  } finally {
    await probers.stop();
  }
}

/** A step that fails is a finding; those after it still tell something. */
async function orWrong(screen: Screen, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    for (const { subject, message } of failuresOf(error)) {
      screen.wrong(subject === undefined ? message : `${subject}: ${message}`);
    }
  }
}
