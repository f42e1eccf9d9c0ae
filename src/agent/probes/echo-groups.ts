import { groupBy } from '../../group-by.js';
import { IpAddress, type IpVersion } from '../../units/ip-network.js';
import { isLinkLocal } from './can-be-asked.js';
import type { ProbeRequest } from './probe-request.js';
import type { SourceOf } from './source-addresses.js';

/** How the packets of an echo leave: as the machine's routes say, straight to the link, or to link-local addresses. */
export type Way = 'routed' | 'onLink' | 'linkLocal';

/** Requests of one IP version that one process can do: they differ in their targets only. */
export interface EchoPart {
  readonly version: IpVersion;
  readonly way: Way;
  /** The address to send from; undefined leaves it to the kernel. */
  readonly source: string | undefined;
  /** Each has the same columns but for the target and the numbers. */
  readonly requests: readonly [ProbeRequest, ...ProbeRequest[]];
}

/** Requests of one run that one process can do: one part, or one of each IP version. */
export interface EchoGroup {
  readonly vif: string;
  readonly parts: readonly [EchoPart] | readonly [EchoPart, EchoPart];
}

/** All requests of a group. */
export const requestsOf = ({ parts }: EchoGroup): ProbeRequest[] => parts.flatMap(({ requests }) => requests);

/** Puts those echoes together that one process can do. */
export function groupEchoes(requests: readonly ProbeRequest[], sourceOf: SourceOf): EchoGroup[] {
  const byColumns = groupBy(requests, ({ row }) =>
    [row.vif, row.count, row.interval, row.timeout, row.size].join(' '),
  );
  return [...byColumns.values()].flatMap((alike) => inPairs(partsOf(alike, sourceOf)));
}

function partsOf(requests: readonly ProbeRequest[], sourceOf: SourceOf): EchoPart[] {
  const described = requests.map((request) => ({ request, ...describe(request, sourceOf) }));
  const groups = groupBy(described, ({ version, way, source = '' }) => [version, way, source].join(' '));
  return [...groups.values()].flatMap((members) => {
    const [first, ...others] = members;
    if (first === undefined) return [];
    const { request, version, way, source } = first;
    return [{ version, way, source, requests: [request, ...others.map((other) => other.request)] }];
  });
}

/** What of IPv6 goes with what of IPv4: it needs no routes of its own. */
const BESIDE = { routed: ['routed', 'linkLocal'], onLink: ['linkLocal'], linkLocal: [] } as const;

/** fping(8) asks by both IP versions at once, with a source for each. */
function inPairs(parts: readonly EchoPart[]): EchoGroup[] {
  const later = new Set(parts.filter(({ version }) => version === 6));
  const take = (wanted: readonly Way[]): EchoPart | undefined => {
    const [found] = wanted.flatMap((one) => [...later].filter(({ way }) => way === one));
    if (found !== undefined) later.delete(found);
    return found;
  };
  const first = parts
    .filter(({ version }) => version === 4)
    .map((part): EchoGroup['parts'] => {
      const other = take(BESIDE[part.way]);
      return other === undefined ? [part] : [part, other];
    });
  const all = [...first, ...[...later].map((part): EchoGroup['parts'] => [part])];
  return all.map((members) => ({ vif: members[0].requests[0].row.vif, parts: members }));
}

function describe({ row }: ProbeRequest, sourceOf: SourceOf): Pick<EchoPart, 'version' | 'way' | 'source'> {
  const target = IpAddress.parse(row.target);
  const { version } = target;
  // From a link-local address of the device, whatever others it has.
  if (isLinkLocal(target)) return { version, way: 'linkLocal', source: undefined };
  return { version, way: row.onLink ? 'onLink' : 'routed', source: sourceOf(row.vif, target) };
}
