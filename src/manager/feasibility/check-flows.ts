import type { FilePosition } from '../../errors.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { Flow } from './flow.js';
import type { PhysicalPath, PhysicalPaths } from './physical-paths.js';

/** Something that cannot be, or that will not be quite as it is asked. */
export interface Doubt {
  readonly message: string;
  readonly subject: string;
  readonly at: FilePosition | undefined;
  readonly hint: string;
}

/** What the physical network adds to a latency may be this share of it before that is worth a word. */
const NOTABLE_SHARE = 0.1;

/** What of flows the ways between their hosts do not allow. */
export interface FlowDoubts {
  readonly impossible: readonly Doubt[];
  readonly doubtful: readonly Doubt[];
}

/**
 * Holds what is asked of each flow between two hosts against the way between them. What is said of many flows is said once.
 *
 * @param positionOf where an element of the virtual file stands
 */
export function checkFlows(flows: readonly Flow[], paths: PhysicalPaths, positionOf: PositionOf): FlowDoubts {
  const impossible = new Map<string, Doubt>();
  const doubtful = new Map<string, Doubt>();
  const seen = new Map<object, Set<string>>();
  for (const flow of flows) {
    const [from, to] = [flow.from.host.name, flow.to.host.name];
    const path = paths.between(from, to);
    if (path === undefined) {
      if (paths.knows(from) && paths.knows(to)) {
        const { message, ...doubt } = noWay(from, to);
        doubtful.set(message, { ...doubt, message, at: positionOf(flow.asked), subject: flow.subject });
      }
      continue;
    }
    const ways = seen.get(flow.asked) ?? new Set();
    seen.set(flow.asked, ways);
    // Of a link between sites there are many flows, and few ways between hosts.
    const way = [from, to, flow.parameters.latency, flow.parameters.bandwidth].join(' ');
    if (ways.has(way)) continue;
    ways.add(way);
    const of = { subject: flow.subject, at: positionOf(flow.asked) };
    for (const found of impossibilities(flow, path)) {
      impossible.set(`${flow.subject} ${found.message}`, { ...found, ...of });
    }
    const late = lateness(flow, path);
    // One word about each link: the way that adds most need not be the first, but says enough.
    if (late !== undefined && !doubtful.has(flow.subject)) doubtful.set(flow.subject, { ...late, ...of });
  }
  return { impossible: [...impossible.values()], doubtful: [...doubtful.values()] };
}

type Words = Pick<Doubt, 'message' | 'hint'>;

function noWay(from: string, to: string): Words {
  const [a, b] = [from, to].sort();
  return {
    message: `the real file has links of ${a ?? ''} and of ${b ?? ''}, and no way from one to the other`,
    hint: 'Add the links that join them, so that what is asked can be held against them.',
  };
}

function impossibilities({ parameters, from, to }: Flow, { narrowest, latency }: PhysicalPath): Words[] {
  const way = `from ${from.host.name} to ${to.host.name}`;
  const { bandwidth, latency: asked } = parameters;
  const words: Words[] = [];
  if (
    narrowest !== undefined &&
    bandwidth !== undefined &&
    bandwidth.bitsPerSecond > narrowest.bandwidth.bitsPerSecond
  ) {
    const most = narrowest.bandwidth.toString();
    words.push({
      message: `${bandwidth.toString()} cannot pass ${way}: the physical link ${narrowest.from} - ${narrowest.to} has ${most}`,
      hint: `Ask for ${most} at most, put the nodes on one host, or correct the bandwidth in the real file.`,
    });
  }
  if (asked !== undefined && asked.microseconds > 0 && asked.microseconds < latency.microseconds) {
    words.push({
      message: `a latency of ${asked.toString()} is less than the way ${way} takes: ${latency.toString()}`,
      hint: `Ask for ${latency.toString()} at least, put the nodes on one host, or correct the latency in the real file.`,
    });
  }
  return words;
}

/** netmgr delays beside what the hosts' own network does. */
function lateness({ parameters, from, to }: Flow, { latency }: PhysicalPath): Words | undefined {
  const asked = parameters.latency;
  if (asked === undefined || asked.microseconds < latency.microseconds) return undefined;
  if (latency.microseconds <= asked.microseconds * NOTABLE_SHARE) return undefined;
  return {
    message: `the way from ${from.host.name} to ${to.host.name} adds ${latency.toString()} to the latency of ${asked.toString()}`,
    hint: `Packets take ${asked.plus(latency).toString()}; ask for less by what the way takes, if it is to be ${asked.toString()} in all.`,
  };
}
