import { mkdir } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { createRequire } from 'node:module';
import type { Experiment } from './experiments.js';
import { measureInLab } from './measure-in-lab.js';
import type { EvaluationOptions } from './options.js';
import { planLabs } from './plan-labs.js';
import type { ReportLine } from './report-line.js';
import type { Part, Results } from './results.js';
import { sampleLine } from './sample-line.js';
import { writeReport } from './report/write-report.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const TITLES: Readonly<Record<Experiment, string>> = {
  bandwidth: 'Bandwidth: data over links of each rate, within a host and between two',
  latency: 'Latency: round trips over links of each latency',
  table2: 'Table 2: files to nodes of other sites and back, through the proxies',
  jitter: 'Jitter: what datagrams are delayed',
  loss: 'Loss: by chance under TCP, and in bursts',
};

/**
 * Measures what the options ask for, and writes the results after each part, so that what is there outlives what comes.
 *
 * @param say takes lines of progress
 */
export async function runEvaluation(
  options: EvaluationOptions,
  say: (line: string) => void,
): Promise<Results> {
  const { experiments, plan, quick, kernel, out } = options;
  await mkdir(out, { recursive: true });
  const [processor] = cpus();
  const labs = await planLabs(experiments, kernel);
  let labKernel = '';
  const [samples, parts]: [Results['samples'], Part[]] = [[], []];
  const begun = new Date().toISOString();
  const results = (): Results => ({
    ...{ format: 'netmgr-evaluation-1', begun, netmgr: version, node: process.versions.node },
    machine: `${String(cpus().length)} × ${processor?.model ?? 'unknown processor'}`.slice(0, 256),
    ...{ kernel: release(), quick, parts, samples },
  });
  let started = performance.now();
  const onLine = async (line: ReportLine): Promise<void> => {
    switch (line.type) {
      case 'kernel':
        labKernel = line.release;
        break;
      case 'begun':
        started = performance.now();
        say(TITLES[line.experiment]);
        break;
      case 'sample': {
        samples.push(line.sample);
        const text = sampleLine(line.sample);
        if (text !== undefined) say(text);
        break;
      }
      case 'note':
        say(`  ${line.text}`);
        break;
      case 'ended':
        parts.push({ experiment: line.experiment, seconds: line.seconds, kernel: labKernel });
        await writeReport(results(), out);
        break;
      case 'failed':
        parts.push({
          ...{ experiment: line.experiment, seconds: (performance.now() - started) / 1000 },
          ...{ kernel: labKernel, failure: line.message },
        });
        say(`  FAILED: ${line.message}`);
        await writeReport(results(), out);
        break;
    }
  };
  for (const lab of labs) {
    labKernel = 'not started';
    await measureInLab(lab, plan, out, onLine);
  }
  return results();
}
