import { ByteCount } from '../../units/byte-count.js';
import type { Host } from '../model/host.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { Doubt } from './check-flows.js';

/** Hosts whose machines have more memory together than the host, where the file says both. */
export function checkMemory(hosts: readonly Host[], positionOf: PositionOf): Doubt[] {
  return hosts.flatMap((host): Doubt[] => {
    const used = host.vms.reduce((sum, { memory }) => sum + (memory?.bytes ?? 0), 0);
    if (host.memory === undefined || used <= host.memory.bytes) return [];
    return [
      {
        message: `its machines have ${ByteCount.ofBytes(used).toString()} of memory together, and it has ${host.memory.toString()}`,
        subject: host.name,
        at: positionOf(host),
        hint: 'A host that swaps delays what its machines send: move machines to another host, or correct the real file.',
      },
    ];
  });
}
