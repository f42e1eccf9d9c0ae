import { ByteCount } from '../../units/byte-count.js';
import { overlayOverhead } from '../merge/overlay-mtu.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { Doubt } from './check-flows.js';
import type { Flow } from './flow.js';
import type { PhysicalPaths } from './physical-paths.js';

/** Nodes whose packets are too large for the way to another host: switches drop such frames without a word. */
export function checkPacketSize(
  flows: readonly Flow[],
  paths: PhysicalPaths,
  positionOf: PositionOf,
): Doubt[] {
  const doubts = new Map<string, Doubt>();
  for (const { from, to } of flows) {
    const access = to.node.access?.mtu === undefined ? to.site.access : to.node.access;
    const mtu = access?.mtu;
    const most = paths.between(to.host.name, from.host.name)?.mtu;
    if (access === undefined || mtu === undefined || most === undefined) continue;
    const room = most - overlayOverhead(to.site, to.host);
    if (mtu.bytes <= room) continue;
    const message = `packets of ${mtu.toString()} do not pass from ${to.host.name} to ${from.host.name}: the physical links have room for ${ByteCount.ofBytes(room).toString()}`;
    const subject = access === to.node.access ? to.path : to.site.name;
    doubts.set(`${subject} ${message}`, {
      ...{ message, subject, at: positionOf(access) },
      hint: `Write mtu="${String(room)}B" at most, or correct the mtu of the links in the real file.`,
    });
  }
  return [...doubts.values()];
}
