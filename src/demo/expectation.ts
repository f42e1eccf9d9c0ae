import type { Line } from '../manager/model/line.js';
import type { Link } from '../manager/model/link.js';
import type { VirtualEnvironment } from '../manager/model/virtual-environment.js';
import { Duration } from '../units/duration.js';
import type { Endpoint } from './endpoints.js';

// Said again from the file's meaning (docs/xml.md), on purpose without the manager's merge: what the demo measures
// would prove little if it were compared with what was merged.

/** Whether the file lets one node reach another. */
export function mayReach(virtual: VirtualEnvironment, from: Endpoint, to: Endpoint): boolean {
  if (from.site === to.site) return true;
  if (linksBetween(virtual, from, to).length === 0) return false;
  const policies = [from.site.policy, to.site.policy];
  if (policies.includes('isolated')) return false;
  return policies.every((policy) => policy === 'open') || [from, to].every(isProxy);
}

/** What the file says of the way from one node to another. */
export interface WantedPath {
  /** Bits per second; none is no limit. */
  readonly bandwidth: number | undefined;
  /** One way. */
  readonly latency: Duration;
}

export function wantedPath(virtual: VirtualEnvironment, from: Endpoint, to: Endpoint): WantedPath {
  const links = linksBetween(virtual, from, to).filter(
    (link) => link.direction === 'both' || link.from === from.site.name,
  );
  const ends = [accessOf(from, 'sent'), accessOf(to, 'received')];
  const limits = [links.findLast((link) => link.bandwidth !== undefined), ...ends].flatMap((limit) =>
    limit?.bandwidth === undefined ? [] : [limit.bandwidth.bitsPerSecond],
  );
  const delays = [links.findLast((link) => link.latency !== undefined), ...ends];
  return {
    bandwidth: limits.length === 0 ? undefined : Math.min(...limits),
    latency: delays.reduce((sum, delay) => sum.plus(delay?.latency ?? Duration.ZERO), Duration.ZERO),
  };
}

/** One way of a node's own line. */
function accessOf(
  { site, node }: Endpoint,
  direction: 'sent' | 'received',
): Partial<Pick<Line, 'bandwidth' | 'latency'>> {
  const lines = [site.access, node.access].flatMap((access) => [access, access?.[direction]]);
  const bandwidth = lines.findLast((line) => line?.bandwidth !== undefined)?.bandwidth;
  const latency = lines.findLast((line) => line?.latency !== undefined)?.latency;
  return { ...(bandwidth && { bandwidth }), ...(latency && { latency }) };
}

/** A node that stands for its site towards others. */
export function isProxy({ node }: Endpoint): boolean {
  return node.role === 'proxy';
}

function linksBetween({ links }: VirtualEnvironment, a: Endpoint, b: Endpoint): Link[] {
  const names = [a.site.name, b.site.name];
  return a.site === b.site ? [] : links.filter(({ from, to }) => names.includes(from) && names.includes(to));
}
