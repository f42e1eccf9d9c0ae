import type { Link } from '../kernel/ip/links.js';
import type { MachineInterface } from './machine-driver.js';

/** The interfaces of a machine as a platform tells of them: one that is not here yet, or not any more, is none of the host's. */
export function interfacesAtHost(
  interfaces: readonly MachineInterface[],
  links: readonly Link[],
): MachineInterface[] {
  const names = new Set(links.map(({ name }) => name));
  return interfaces.map((one) => (names.has(one.vif) ? one : { ...one, vif: '' }));
}
