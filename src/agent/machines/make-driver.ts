import type { Run } from '../../process/run.js';
import { processMark } from '../processes/marked-run.js';
import { ContainerMachines } from './container/container-machines.js';
import { LibvirtMachines } from './libvirt/libvirt-machines.js';
import type { MachineDriver } from './machine-driver.js';
import { QMP_DIRECTORY, type MachineOptions } from './machine-kinds.js';
import { NamespaceMachines } from './namespace-machines.js';
import { QemuMachines } from './qemu/qemu-machines.js';
import { QemuMonitors } from './qemu/qemu-monitors.js';
import { XenMachines } from './xen/xen-machines.js';

/**
 * The driver for machines of that kind.
 *
 * @param run runs commands on the host
 * @param stateDirectory of the agent, whose mark everything bears that it starts
 */
export function makeDriver(
  { machines, qmpDirectory = QMP_DIRECTORY }: MachineOptions,
  run: Run,
  stateDirectory: string,
): MachineDriver {
  switch (machines) {
    case 'namespace':
      return new NamespaceMachines(run);
    case 'container':
      return new ContainerMachines(run);
    case 'libvirt':
      return new LibvirtMachines(run, { env: processMark(stateDirectory) });
    case 'qemu':
      return new QemuMachines(new QemuMonitors(qmpDirectory));
    case 'xen':
      return new XenMachines(run);
  }
}
