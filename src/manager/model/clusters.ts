import type { Host } from './host.js';

/** Whether a machine of the one host may come to the other: it is the same, or both are of one cluster. */
export function mayMoveTo(from: Host, to: Host): boolean {
  return from === to || (from.cluster !== undefined && from.cluster === to.cluster);
}

/** The hosts whose machines may be on another one of them. */
export const clusteredHosts = (hosts: readonly Host[]): Host[] =>
  hosts.filter((host) => hosts.some((other) => other !== host && mayMoveTo(host, other)));
