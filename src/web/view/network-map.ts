import type { Manager } from '../../manager/manager.js';
import type { PlacedNode } from '../../manager/merge/placed-node.js';
import type { MapGroup, MapMachine, NetworkMap } from '../wire/network-map.js';

export const hostId = (name: string): string => `host:${name}`;
export const siteId = (name: string): string => `site:${name}`;
export const vifId = (host: string, vif: string): string => `vif:${host}/${vif}`;

/** What is to be drawn of the files. */
export function networkMap(
  { real, virtual }: Pick<Manager, 'real' | 'virtual'>,
  nodes: Iterable<PlacedNode>,
): NetworkMap {
  const byVif = new Map([...nodes].map((node) => [vifId(node.host.name, node.vif.name), node] as const));
  const sites = (virtual?.sites ?? []).map(({ name }): MapGroup => ({
    id: siteId(name),
    kind: 'site',
    name,
  }));
  const hosts = real.hosts.map(({ name }): MapGroup => ({ id: hostId(name), kind: 'host', name }));
  const machines = real.hosts.flatMap((host) =>
    host.vms.flatMap((vm) =>
      vm.vifs.map((vif): MapMachine => {
        const id = vifId(host.name, vif.name);
        const node = byVif.get(id);
        return {
          id,
          name: vm.vifs.length > 1 ? `${vm.name} ${vif.name}` : vm.name,
          role: node?.node.role ?? 'machine',
          ...(node !== undefined && { site: siteId(node.site.name) }),
          host: hostId(host.name),
        };
      }),
    ),
  );
  return {
    name: virtual?.name ?? real.name,
    hasSites: virtual !== undefined,
    groups: [...sites, ...hosts],
    machines,
  };
}
