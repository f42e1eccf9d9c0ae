import { NetmgrError, throwIfAny } from '../errors.js';
import type { Host } from '../manager/model/host.js';
import type { RealEnvironment } from '../manager/model/real-environment.js';
import { MANAGEMENT_DEVICE } from './management-network.js';

/**
 * Refuses what cannot stand side by side on one machine: two namespaces of one name, two hosts of one address, two
 * interfaces of one name on a host.
 *
 * @throws NetmgrError `Conflict`, all of them at once.
 */
export function refuseClashes(real: RealEnvironment): void {
  const errors = [
    ...clashes(
      real.hosts.flatMap((host) => [host.name, ...host.vms.map(({ name }) => name)]),
      (name) => `two hosts or machines are named ${name}`,
      'Names of hosts and machines are names of namespaces in the lab: give each its own.',
    ),
    ...clashes(
      real.hosts.map(({ address }) => address.toString()),
      (address) => `two hosts have the address ${address}`,
      'Give each host a management address of its own.',
    ),
    ...real.hosts.flatMap((host) =>
      clashes(
        devicesOf(host),
        (name) => `two interfaces of ${host.name} would be named ${name}`,
        `Rename one of them; lo and ${MANAGEMENT_DEVICE} are the lab's own.`,
        host.name,
      ),
    ),
  ];
  throwIfAny(errors, 'the real environment cannot be built on one machine');
}

function devicesOf(host: Host): string[] {
  return [
    'lo',
    MANAGEMENT_DEVICE,
    ...host.bridges.flatMap(({ name, uplink }) => (uplink === undefined ? [name] : [name, uplink])),
    ...host.vms.flatMap(({ vifs }) => vifs.map(({ name }) => name)),
  ];
}

function clashes(
  names: readonly string[],
  message: (name: string) => string,
  hint: string,
  subject?: string,
): NetmgrError[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map(
    (name) => new NetmgrError({ kind: 'Conflict', message: message(name), subject: subject ?? name, hint }),
  );
}
