import type { Run } from '../../../process/run.js';
import { expectMachineName } from '../names.js';
import { batchFailed, runBatch } from '../run-batch.js';
import type { MachineState } from './machine.js';
import { MACHINE_LINES, parseMachine } from './parse-machine.js';
import { writeMachine } from './write-machine.js';

/** Reads a machine's namespace with one process. @throws NetmgrError `CommandFailed`. */
export async function readMachine(run: Run, machine: string): Promise<MachineState> {
  const argv = ['ip', '-n', expectMachineName(machine), '-j', '-batch', '-'] as const;
  const output = await run(argv, { input: MACHINE_LINES, subject: machine, accept: [0, 1, 2] });
  if (output.exitCode !== 0) throw batchFailed(argv, MACHINE_LINES, output, machine);
  return parseMachine(output.stdout);
}

/** Brings a machine from one state to another with one process, or none when nothing differs. */
export async function applyMachine(
  run: Run,
  machine: string,
  from: MachineState,
  to: MachineState,
): Promise<void> {
  const argv = ['ip', '-n', expectMachineName(machine), '-batch', '-'] as const;
  await runBatch(run, argv, writeMachine(from, to), machine);
}
