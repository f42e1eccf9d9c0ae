import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAllOthers } from './before-all-others.js';
import { startLab } from '../lab/start-lab.js';
import type { Order } from './order.js';
import type { Plan } from './plan.js';
import type { PlannedLab } from './plan-labs.js';
import { reportLineSchema, type ReportLine } from './report-line.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LAYOUTS = {
  grid: { file: 'grid.xml', hosts: ['host1', 'host2', 'host3', 'host4'] },
  pairs: { file: 'evaluation.xml', hosts: ['host1', 'host2'] },
};
const INSIDE = fileURLToPath(new URL('inside.js', import.meta.url));

/**
 * Measures in a lab of its own. What the lab told until its end is told, however it ends; what it did not come to is told
 * as failed.
 *
 * @param directory where the lab may write
 */
export async function measureInLab(
  { experiments, kernel, layout }: PlannedLab,
  plan: Plan,
  directory: string,
  onLine: (line: ReportLine) => Promise<void>,
): Promise<void> {
  const { file, hosts } = LAYOUTS[layout];
  const real = join(ROOT, 'fixtures/real-env', file);
  const order: Order = {
    ...{ experiments, plan, kernel, real, hosts },
    virtualDirectory: join(ROOT, 'fixtures/virtual-env'),
  };
  const lab = startLab({
    ...{ kernel, real, stdout: 'pipe', cwd: directory },
    command: [process.execPath, INSIDE, JSON.stringify(order)],
    prefix: kernel === 'uml' ? await beforeAllOthers() : undefined,
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
