import type { Run } from '../../process/run.js';
import { ContainerMachines } from './container/container-machines.js';
import type { MachineDriver } from './machine-driver.js';
import type { MachineKind } from './machine-kinds.js';
import { NamespaceMachines } from './namespace-machines.js';

const DRIVERS: Readonly<Record<MachineKind, new (run: Run) => MachineDriver>> = {
  namespace: NamespaceMachines,
  container: ContainerMachines,
};

/** The driver for machines of that kind. */
export function makeDriver(kind: MachineKind, run: Run): MachineDriver {
  return new DRIVERS[kind](run);
}
