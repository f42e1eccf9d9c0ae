import { NetmgrError } from '../../errors.js';
import type { Host } from '../model/host.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';

/**
 * The machines of nodes that no host of their cluster has, as warnings.
 *
 * @param hosts of clusters, all of which have answered
 * @param found where machines are, by their names
 */
export function missingMachines(
  hosts: readonly Host[],
  { sites }: Pick<VirtualEnvironment, 'sites'>,
  found: ReadonlyMap<string, string>,
): NetmgrError[] {
  const wanted = new Set(sites.flatMap(({ nodes }) => nodes.map(({ vm }) => vm)));
  return hosts.flatMap(({ cluster, vms }) => {
    const where = hosts.filter((host) => host.cluster === cluster).map(({ name }) => name);
    return vms
      .filter(({ name }) => wanted.has(name) && !found.has(name))
      .map(
        ({ name }) =>
          new NetmgrError({
            kind: 'NotApplied',
            message: `${name} is on none of the hosts ${where.join(', ')}`,
            hint: 'Its network is ready, and it gets it when it starts on one of them.',
          }),
      );
  });
}
