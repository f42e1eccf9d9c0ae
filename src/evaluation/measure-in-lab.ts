import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { LabKernel } from '../lab/control/message.js';
import { startLab } from '../lab/start-lab.js';
import type { Experiment } from './experiments.js';
import type { Order } from './order.js';
import type { Plan } from './plan.js';
import { reportLineSchema, type ReportLine } from './report-line.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The paper's grid, and the machines between which all others measure. */
const GRID = { file: 'grid.xml', hosts: ['host1', 'host2', 'host3', 'host4'] };
const PAIRS = { file: 'evaluation.xml', hosts: ['host1', 'host2'] };
const INSIDE = fileURLToPath(new URL('inside.js', import.meta.url));

/**
 * Measures in a lab of its own. What the lab told until its end is told, however it ends; what it did not come to is told
 * as failed.
 *
 * @param directory where the lab may write
 */
export async function measureInLab(
  experiments: readonly Experiment[],
  plan: Plan,
  kernel: LabKernel,
  directory: string,
  onLine: (line: ReportLine) => Promise<void>,
): Promise<void> {
  const { file, hosts } = experiments.includes('table2') ? GRID : PAIRS;
  const real = join(ROOT, 'fixtures/real-env', file);
  const order: Order = {
    ...{ experiments, plan, real, hosts },
    virtualDirectory: join(ROOT, 'fixtures/virtual-env'),
  };
  const lab = startLab({
    ...{ kernel, real, stdout: 'pipe', cwd: directory },
    command: [process.execPath, INSIDE, JSON.stringify(order)],
  });
  const left = new Set(experiments);
  const lines = lab.streams[1];
  if (lines !== null && lines !== undefined) {
    for await (const text of createInterface({ input: lines })) {
      const line = readLine(text);
      if (line === undefined) continue;
      if (line.type === 'ended' || line.type === 'failed') left.delete(line.experiment);
      await onLine(line);
    }
  }
  const { exitCode, signal, notStarted } = await lab.ended;
  const how = notStarted ?? signal ?? `exit code ${String(exitCode)}`;
  for (const experiment of left) {
    await onLine({ type: 'failed', experiment, message: `the lab ended before it was done (${how})` });
  }
}

/** What is no line of ours, such as a tool's own words, says nothing here. */
function readLine(text: string): ReportLine | undefined {
  try {
    return reportLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
