import { closeSync } from 'node:fs';
import { CommonSteps } from './common-steps.js';
import type { InsideProgram, StartedKernel } from './kernel/backend.js';
import { chooseKernel } from './kernel/choose-kernel.js';
import { startNative } from './kernel/native.js';
import { needsOf } from './kernel/needs.js';
import { openUmlRegisters } from './kernel/uml-registers.js';
import { startUml } from './kernel/uml.js';
import type { LabOptions } from './lab-options.js';
import { planLayout } from './layout.js';
import { INSIDE_MAIN, makeJob } from './make-job.js';
import { runKernelPerHost } from './run-kernel-per-host.js';
import { RunningLab } from './running-lab.js';

/**
 * Builds a lab, runs the command in it, removes the lab, and answers with the command's exit code.
 *
 * @throws NetmgrError or ApplyError where the lab could not be built or its kernel ended before the command.
 */
export async function runLab(options: LabOptions): Promise<number> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const program = { node: process.execPath, main: INSIDE_MAIN, terminal };
  if (options.kernelPerHost !== undefined) {
    return runKernelPerHost(options, options.kernelPerHost.memory, program);
  }
  const { onEvent = (): void => undefined } = options;
  const kernel = await chooseKernel(options.kernel, needsOf(options.virtual));
  const layout = planLayout(options.real);
  const job = makeJob(options, kernel, terminal, { part: 'all', ownHosts: layout.hosts, layout });
  for (const text of layout.notes) onEvent({ type: 'notice', text });
  onEvent({ type: 'kernel', kernel });
  const steps = new CommonSteps([{ step: 'kernel', kernels: 1, detail: kernel }], onEvent);
  const started = kernel === 'native' ? startNative(program) : await startOneUml(program, options.memory);
  return new RunningLab(job, started, steps, onEvent).end();
}

async function startOneUml(program: InsideProgram, memory: string): Promise<StartedKernel> {
  const registers = await openUmlRegisters();
  const started = startUml(program, { memory, registers });
  if (registers !== undefined) closeSync(registers);
  return started;
}
