import type { FilePosition } from '../../errors.js';
import type { Access } from '../model/access.js';
import type { Host } from '../model/host.js';
import type { Node } from '../model/node.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { Vif, VirtualMachine } from '../model/virtual-machine.js';
import type { Conflicts } from './conflicts.js';
import type { Parameters } from '../model/parameters.js';
import { overridden } from './parameters.js';
import type { PlacedNode } from './placed-node.js';

/** Where an element of a file stands. */
export type PositionOf = (element: object) => FilePosition | undefined;

/** Finds the vif of each node. What cannot be found is a conflict, and the node is left out. */
export function placeNodes(
  real: RealEnvironment,
  virtual: VirtualEnvironment,
  positionOf: PositionOf,
  conflicts: Conflicts,
): PlacedNode[] {
  const machines = new Map<string, { host: Host; vm: VirtualMachine }>();
  for (const host of real.hosts) for (const vm of host.vms) machines.set(vm.name, { host, vm });

  const ownAddresses = new Map(
    [...real.hosts, ...real.routers].map(({ name, address }) => [address.toString(), name] as const),
  );

  const placed: PlacedNode[] = [];
  const accesses = new Map<string, Parameters>();
  const takenBy = new Map<Vif, string>();
  const accessOf = (...said: readonly (Access | undefined)[]): PlacedNode['access'] => ({
    sent: sameObject(accesses, overridden(linesOf('sent', ...said))),
    received: sameObject(accesses, overridden(linesOf('received', ...said))),
  });
  for (const site of virtual.sites) {
    const accessOfSite = accessOf(site.access);
    for (const node of site.nodes) {
      const path = `${site.name}/${node.vm}`;
      const at = positionOf(node);
      const machine = machines.get(node.vm);
      if (machine === undefined) {
        conflicts.add(
          `no host of "${real.name}" has a machine "${node.vm}"`,
          path,
          at,
          `Add <vm name="${node.vm}"> to a host of the real file, or correct the name.`,
        );
        continue;
      }
      const { host, vm } = machine;
      const vif = findVif(vm, node, path, at, conflicts);
      if (vif === undefined) continue;
      const other = takenBy.get(vif);
      if (other !== undefined) {
        conflicts.add(
          `vif ${vif.name} of ${vm.name} is already that of ${other}`,
          path,
          at,
          'Name another vif of the machine with vif="…".',
        );
        continue;
      }
      takenBy.set(vif, path);
      for (const address of node.addresses) {
        const owner = ownAddresses.get(address.toString());
        if (owner === undefined) continue;
        conflicts.add(
          `${address.toString()} is the address of ${owner} in the real file`,
          path,
          at,
          'Give the node another address: the hosts and their manager need theirs.',
        );
      }
      const { mac } = vif;
      if (mac === undefined) {
        conflicts.add(
          `vif ${vif.name} of ${vm.name} has no MAC address`,
          path,
          at,
          'Add mac="…" to the vif in the real file: the source guard and the IPv6 link-local address need it.',
        );
        continue;
      }
      placed.push({
        path,
        site,
        node,
        host,
        vm,
        vif,
        mac,
        access: node.access === undefined ? accessOfSite : accessOf(site.access, node.access),
        allAddresses: [...node.addresses, mac.linkLocalAddress()],
      });
    }
  }
  return placed;
}

/** What is said of one direction, the more specific last. */
function linesOf(
  direction: 'sent' | 'received',
  ...accesses: readonly (Access | undefined)[]
): (Parameters | undefined)[] {
  return accesses.flatMap((access) => [access, access?.[direction]]);
}

/** Lines of the same content as one object, so that they are told apart at once. */
function sameObject(known: Map<string, Parameters>, parameters: Parameters): Parameters {
  const key = JSON.stringify(parameters);
  const first = known.get(key) ?? parameters;
  known.set(key, first);
  return first;
}

function findVif(
  vm: VirtualMachine,
  node: Node,
  path: string,
  at: FilePosition | undefined,
  conflicts: Conflicts,
): Vif | undefined {
  const names = vm.vifs.map(({ name }) => name).join(', ');
  if (node.vif !== undefined) {
    const named = vm.vifs.find(({ name }) => name === node.vif);
    if (named === undefined) {
      conflicts.add(`${vm.name} has no vif "${node.vif}"`, path, at, `It has: ${names || 'none'}.`);
    }
    return named;
  }
  if (vm.vifs.length !== 1) {
    const hint =
      vm.vifs.length === 0 ? 'Add a <vif> to it in the real file.' : `Say which with vif="…": ${names}.`;
    conflicts.add(`${vm.name} has ${String(vm.vifs.length)} vifs`, path, at, hint);
    return undefined;
  }
  return vm.vifs[0];
}
