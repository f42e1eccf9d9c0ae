import type { Host } from '../manager/model/host.js';
import type { Node } from '../manager/model/node.js';
import type { RealEnvironment } from '../manager/model/real-environment.js';
import type { Site } from '../manager/model/site.js';
import type { VirtualEnvironment } from '../manager/model/virtual-environment.js';
import { NetmgrError } from '../errors.js';

/** A node of a site with all that is needed to speak to it in a lab. */
export interface Endpoint {
  readonly node: Node;
  readonly site: Site;
  readonly host: Host;
  readonly machine: string;
  /** The vif's name on the host. */
  readonly vif: string;
  /** The interface's name in the machine. */
  readonly device: string;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly linkLocal: string | undefined;
  readonly mac: string | undefined;
}

/** The nodes of a virtual environment on the machines of a real one. */
export function readEndpoints(real: RealEnvironment, virtual: VirtualEnvironment): Endpoint[] {
  return virtual.sites.flatMap((site) => site.nodes.map((node) => readEndpoint(real, site, node)));
}

function readEndpoint(real: RealEnvironment, site: Site, node: Node): Endpoint {
  for (const host of real.hosts) {
    const vifs = host.vms.find(({ name }) => name === node.vm)?.vifs ?? [];
    const position = node.vif === undefined ? 0 : vifs.findIndex(({ name }) => name === node.vif);
    const vif = vifs[position];
    if (vif === undefined) continue;
    const addressesOf = (version: 4 | 6): string[] =>
      node.addresses.filter((address) => address.version === version).map((address) => address.toString());
    return {
      ...{ node, site, host, machine: node.vm, vif: vif.name, device: `eth${String(position)}` },
      ...{ ipv4: addressesOf(4), ipv6: addressesOf(6), linkLocal: vif.mac?.linkLocalAddress().toString() },
      mac: vif.mac?.toString(),
    };
  }
  throw new NetmgrError({
    kind: 'Conflict',
    message: `no host of the real file has the machine ${node.vm}`,
    subject: `${site.name}/${node.vm}`,
  });
}

/** All ordered pairs of different machines. */
export function pairsOf(endpoints: readonly Endpoint[]): (readonly [Endpoint, Endpoint])[] {
  return endpoints.flatMap((from) =>
    endpoints.filter((to) => to.machine !== from.machine).map((to) => [from, to] as const),
  );
}
