import { groupBy } from '../../group-by.js';
import type { Host } from './host.js';

/** Whether a machine of the one host may come to the other: it is the same, or both are of one cluster. */
export function mayMoveTo(from: Host, to: Host): boolean {
  return from === to || (from.cluster !== undefined && from.cluster === to.cluster);
}

/** The hosts whose machines may be on another one of them. */
export function clusteredHosts(hosts: readonly Host[]): Host[] {
  const clusters = groupBy(hosts, ({ cluster }) => cluster);
  return hosts.filter((host) => host.cluster !== undefined && (clusters.get(host.cluster)?.length ?? 0) > 1);
}

/** Finds what is at a host, or may come to it, in the order of `items`. */
export function comingTo<T>(items: readonly T[], hostOf: (item: T) => Host): (host: Host) => readonly T[] {
  // A cluster stands for its hosts.
  const placeOf = (host: Host): Host | string => host.cluster ?? host;
  const byPlace = groupBy(items, (item) => placeOf(hostOf(item)));
  return (host) => byPlace.get(placeOf(host)) ?? [];
}
