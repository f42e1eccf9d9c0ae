import { vmNetworkTable, type VmNetworkRow } from '../../mib/vm/vm-network-table.js';
import { vmTable, type VmRow } from '../../mib/vm/vm-table.js';
import { mayMoveTo } from '../model/clusters.js';
import type { Host } from '../model/host.js';

/** What an agent says of the machines of its host, in VM-MIB. */
export interface HostMachines {
  readonly host: Host;
  readonly machines: readonly VmRow[];
  readonly networks: readonly VmNetworkRow[];
}

/** The tables of VM-MIB that tell where machines are. */
export const MACHINE_TABLES = { machines: vmTable, networks: vmNetworkTable } as const;

/**
 * Where the machines of clusters are, by the MAC addresses of their vifs. While one moves it is on two hosts: it is where it runs,
 * or, if that cannot be told, where the file has it.
 *
 * @param said of the hosts that have answered
 * @returns the names of hosts by those of machines; a machine that none of them has is missing
 */
export function locateMachines(hosts: readonly Host[], said: readonly HostMachines[]): Map<string, string> {
  const placesOf = new Map<string, { host: Host; runs: boolean }[]>();
  for (const { host, machines, networks } of said) {
    const running = new Set(
      machines.filter(({ operState }) => operState === 'running').map(({ index }) => index),
    );
    for (const { vmIndex, physAddress } of networks) {
      const places = placesOf.get(physAddress) ?? [];
      placesOf.set(physAddress, places);
      places.push({ host, runs: running.has(vmIndex) });
    }
  }
  return new Map(
    hosts.flatMap((home) =>
      home.vms.flatMap(({ name, vifs }) => {
        const places = vifs
          .flatMap(({ mac }) => (mac === undefined ? [] : (placesOf.get(mac.toString()) ?? [])))
          .filter(({ host }) => mayMoveTo(home, host));
        const running = places.filter(({ runs }) => runs);
        const candidates = running.length > 0 ? running : places;
        const found = candidates.find(({ host }) => host === home) ?? candidates[0];
        return found === undefined ? [] : [[name, found.host.name] as const];
      }),
    ),
  );
}
