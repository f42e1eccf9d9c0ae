import type { Run } from '../../process/run.js';
import type { MachineState } from '../kernel/ip/machine.js';
import { applyMachine, readMachine } from '../kernel/ip/read-machine.js';
import type { MachineDriver } from './machine-driver.js';

/** Machines that are network namespaces of their name (ip-netns(8)). */
export class NamespaceMachines implements MachineDriver {
  readonly backend = 'namespace';
  readonly capabilities = ['guestAddress', 'guestRoute'] as const;

  constructor(private readonly run: Run) {}

  read(machine: string): Promise<MachineState> {
    return readMachine(this.run, machine);
  }

  apply(machine: string, from: MachineState, to: MachineState): Promise<void> {
    return applyMachine(this.run, machine, from, to);
  }
}
