import { groupBy } from '../../group-by.js';
import { IpAddress, type IpVersion } from '../../units/ip-network.js';
import { isLinkLocal } from './can-be-asked.js';
import type { ProbeRequest } from './probe-request.js';
import type { SourceOf } from './source-addresses.js';

/** How the packets of an echo leave: as the machine's routes say, straight to the link, or to link-local addresses. */
export type Way = 'routed' | 'onLink' | 'linkLocal';

/** Requests of one run that one process can do: they differ in their targets only. */
export interface EchoGroup {
  readonly vif: string;
  readonly version: IpVersion;
  readonly way: Way;
  /** The address to send from; undefined leaves it to the kernel. */
  readonly source: string | undefined;
  /** Each has the same columns but for the target and the numbers. */
  readonly requests: readonly [ProbeRequest, ...ProbeRequest[]];
}

/** Puts those echoes together that one process can do. */
export function groupEchoes(requests: readonly ProbeRequest[], sourceOf: SourceOf): EchoGroup[] {
  const described = requests.map((request) => ({ request, ...describe(request, sourceOf) }));
  const groups = groupBy(described, ({ request: { row }, version, way, source = '' }) =>
    [row.vif, version, way, source, row.count, row.interval, row.timeout, row.size].join(' '),
  );
  return [...groups.values()].flatMap((members) => {
    const [first, ...others] = members;
    if (first === undefined) return [];
    const { request, version, way, source } = first;
    const rest = others.map((member) => member.request);
    return [{ vif: request.row.vif, version, way, source, requests: [request, ...rest] }];
  });
}

function describe({ row }: ProbeRequest, sourceOf: SourceOf): Pick<EchoGroup, 'version' | 'way' | 'source'> {
  const target = IpAddress.parse(row.target);
  const { version } = target;
  // From a link-local address of the device, whatever others it has.
  if (isLinkLocal(target)) return { version, way: 'linkLocal', source: undefined };
  return { version, way: row.onLink ? 'onLink' : 'routed', source: sourceOf(row.vif, target) };
}
