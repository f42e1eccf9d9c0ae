import { groupBy } from '../../group-by.js';
import type { Link } from '../kernel/ip/links.js';
import type { MachineInterface } from './machine-driver.js';

/** The interfaces of the host whose other ends are in other network namespaces, by the numbers the host has given those. */
export function endsByNamespace(links: Iterable<Link>): ReadonlyMap<number, readonly Link[]> {
  return groupBy(
    [...links].filter(({ peer }) => peer?.netnsid !== undefined),
    ({ peer }) => peer?.netnsid ?? 0,
  );
}

/**
 * The interfaces of a machine by their ends at the host.
 *
 * @param inside the interfaces of its namespace; none if it could not be looked into: what is known from outside stays true
 */
export function interfacesOfEnds(ends: readonly Link[], inside: readonly Link[]): MachineInterface[] {
  const macs = new Map(inside.map(({ ifindex, mac }) => [ifindex, mac]));
  return ends.map(({ name, kind = '', peer }) => ({
    vif: name,
    model: kind,
    mac: macs.get(peer?.ifindex ?? 0) ?? '',
  }));
}
