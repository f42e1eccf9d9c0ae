import type { Run } from '../../process/run.js';
import type { MachineKind } from '../agent-options.js';
import type { MachineDriver } from './machine-driver.js';
import { NamespaceMachines } from './namespace-machines.js';
import { XenMachines } from './xen/xen-machines.js';

/** The driver for where the machines of a host live. @param run runs a command on the host */
export function machinesOfKind(kind: MachineKind, run: Run): MachineDriver {
  switch (kind) {
    case 'namespace':
      return new NamespaceMachines(run);
    case 'xen':
      return new XenMachines(run);
  }
}
