import type { MachineDriver } from '../machines/machine-driver.js';
import type { Binding } from './binding.js';
import type { Machines } from './host-parts.js';

/** The machines by the names of a configuration. */
export function machinesBy(binding: Binding, driver: MachineDriver): Machines {
  return {
    find: async (links) => (await driver.find(links)).map((name) => binding.vmNameOf(name)),
    inside: (vmName) => driver.inside(binding.machineOf(vmName)),
  };
}
