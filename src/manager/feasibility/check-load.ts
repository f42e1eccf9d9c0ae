import { BitRate } from '../../units/bit-rate.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { PhysicalLink } from '../model/real-environment.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { Doubt } from './check-flows.js';
import type { Flow } from './flow.js';
import type { Hop, PhysicalPaths } from './physical-paths.js';

/** Flows that are named: those with the most bandwidth. */
const MOST_NAMED = 3;

/** What crosses a physical link in one direction. */
interface Load {
  readonly hop: Hop;
  readonly bandwidth: BitRate;
  readonly flows: Flow[];
}

/**
 * Physical links that could not carry all that the flows over them may send at once.
 *
 * @param positionOf where an element of the real file stands
 */
export function checkLoad(flows: readonly Flow[], paths: PhysicalPaths, positionOf: PositionOf): Doubt[] {
  const loads = new Map<PhysicalLink, Map<string, Load>>();
  for (const flow of flows) {
    if (flow.parameters.bandwidth === undefined || flow.parameters.state === 'down') continue;
    for (const hop of paths.between(flow.from.host.name, flow.to.host.name)?.hops ?? []) {
      const { bandwidth } = hop.link;
      if (bandwidth === undefined) continue;
      const ways = loads.get(hop.link) ?? new Map<string, Load>();
      loads.set(hop.link, ways);
      const load = ways.get(hop.from) ?? { hop, bandwidth, flows: [] };
      ways.set(hop.from, load);
      load.flows.push(flow);
    }
  }
  return [...loads].flatMap(([link, ways]): Doubt[] => {
    const beyond = [...ways.values()].flatMap(({ hop, bandwidth, flows: own }) => {
      const most = Math.min(mostOf(own, 'from', 'sent'), mostOf(own, 'to', 'received'));
      return most <= bandwidth.bitsPerSecond ? [] : [{ hop, most, own, bandwidth }];
    });
    const [first] = beyond;
    if (first === undefined) return [];
    const rates = beyond.map(({ hop, most }) => {
      const times = (most / first.bandwidth.bitsPerSecond).toFixed(1);
      return `${BitRate.ofBitsPerSecond(Math.round(most)).toString()} from ${hop.from} to ${hop.to} (${times} times)`;
    });
    return [
      {
        message: `it has ${first.bandwidth.toString()}, and links may send over it at once ${rates.join(' and ')}: ${largest(first.own)}`,
        subject: `${link.from} - ${link.to}`,
        at: positionOf(link),
        hint: 'Ask for less, put nodes that exchange much on one host, or do not fill these links at the same time.',
      },
    ];
  });
}

/** What all flows may carry at once: no end sends or receives more than its own line lets it. */
function mostOf(flows: readonly Flow[], end: 'from' | 'to', line: 'sent' | 'received'): number {
  const ofEnds = new Map<PlacedNode, number>();
  for (const flow of flows) {
    ofEnds.set(flow[end], (ofEnds.get(flow[end]) ?? 0) + rateOf(flow));
  }
  return [...ofEnds].reduce(
    (sum, [node, rate]) => sum + Math.min(rate, node.access[line].bandwidth?.bitsPerSecond ?? Infinity),
    0,
  );
}

function largest(flows: readonly Flow[]): string {
  const sorted = [...flows].sort((a, b) => rateOf(b) - rateOf(a));
  const named = sorted
    .slice(0, MOST_NAMED)
    .map(({ from, to, parameters }) => `${from.path} → ${to.path} ${String(parameters.bandwidth)}`);
  const more = flows.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

function rateOf({ parameters }: Flow): number {
  return parameters.bandwidth?.bitsPerSecond ?? 0;
}
