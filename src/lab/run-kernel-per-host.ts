import { closeSync } from 'node:fs';
import { CommonSteps, type CommonStep } from './common-steps.js';
import type { LabJob } from './control/message.js';
import { HostKernel } from './host-kernel.js';
import type { InsideProgram } from './kernel/backend.js';
import { chooseKernel } from './kernel/choose-kernel.js';
import { makeDisk } from './kernel/disk.js';
import { openUmlRegisters } from './kernel/uml-registers.js';
import { startUml, type UmlMachine } from './kernel/uml.js';
import type { LabOptions } from './lab-options.js';
import { sizeOf } from './layout-size.js';
import { makeJob } from './make-job.js';
import { planKernels, type KernelPlans } from './plan-kernels.js';
import type { StartHost } from './powered-host.js';
import { RunningLab } from './running-lab.js';

/**
 * As `runLab`, with a User-Mode Linux kernel for each host, which has so much memory and a disk, and another for the
 * switches and the command.
 *
 * @throws NetmgrError or ApplyError where the lab could not be built or a kernel ended before the command.
 */
export async function runKernelPerHost(
  options: LabOptions,
  memory: string,
  program: InsideProgram,
): Promise<number> {
  const kernel = await chooseKernel('uml', []);
  const { onEvent = (): void => undefined } = options;
  const plans = planKernels(options.real);
  const { layout, wires } = plans.lab;
  const job = makeJob(options, kernel, program.terminal, { part: 'switches', ownHosts: [], layout });
  const registers = await openUmlRegisters();
  const disks = layout.hosts.map(() => makeDisk());
  try {
    for (const text of layout.notes) onEvent({ type: 'notice', text });
    onEvent({ type: 'kernel', kernel });
    const started = startUml(program, { memory: options.memory, wires, number: 0, registers });
    const steps = new CommonSteps(stepsOf(job, plans), onEvent);
    return await new RunningLab(
      job,
      started,
      steps,
      onEvent,
      startsOf(job, plans, program, disks, { memory, registers }),
    ).end();
  } finally {
    for (const descriptor of [...disks, registers]) if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** How each host's kernel is started, by the host's name. */
function startsOf(
  job: LabJob,
  { hosts }: KernelPlans,
  program: InsideProgram,
  disks: readonly number[],
  common: Pick<UmlMachine, 'memory' | 'registers'>,
): ReadonlyMap<string, StartHost> {
  const ownHosts = job.layout.hosts.flatMap((host) => {
    const plan = hosts.get(host.name);
    return plan === undefined ? [] : [{ host, plan }];
  });
  return new Map(
    ownHosts.map(({ host, plan: { layout, wires } }, index) => {
      const own = { part: 'host', ownHosts: [host], layout, terminal: false, relay: true } as const;
      const machine = { ...common, wires, number: index + 1, disk: disks[index] };
      return [
        host.name,
        (state, listener) =>
          new HostKernel(
            host.name,
            { ...job, ...own, disk: state },
            { ...program, terminal: false },
            machine,
            listener,
          ),
      ];
    }),
  );
}

function stepsOf({ layout, agent }: LabJob, { hosts }: KernelPlans): readonly CommonStep[] {
  const kernels = hosts.size + 1;
  const layouts = [...hosts.values()].map((plan) => plan.layout);
  return [
    { step: 'kernel', kernels, detail: 'uml, one per host' },
    { step: 'build', kernels, detail: sizeOf(layout.hosts, layouts) },
    ...(agent === undefined
      ? []
      : [{ step: 'agents', kernels: hosts.size, detail: `${String(hosts.size)} answer` } as const]),
  ];
}
