import { NetmgrError } from '../../errors.js';
import type { Conflicts } from '../merge/conflicts.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { RealEnvironment } from '../model/real-environment.js';
import { checkFlows } from './check-flows.js';
import { checkLoad } from './check-load.js';
import { checkMemory } from './check-memory.js';
import { checkPacketSize } from './check-packet-size.js';
import type { Flow } from './flow.js';
import { PhysicalPaths } from './physical-paths.js';

/**
 * Holds what is wanted against what the real file says of hosts and of the network between them. What it does not say is not
 * judged.
 *
 * @param conflicts takes what cannot be
 * @param positions where elements of the files stand
 * @returns what is doubtful, as warnings
 */
export function checkFeasibility(
  real: RealEnvironment,
  flows: readonly Flow[],
  conflicts: Conflicts,
  positions: { readonly virtual: PositionOf; readonly real: PositionOf },
): NetmgrError[] {
  const paths = new PhysicalPaths(real);
  const { impossible, doubtful } = checkFlows(flows, paths, positions.virtual);
  for (const { message, subject, at, hint } of [
    ...impossible,
    ...checkPacketSize(flows, paths, positions.virtual),
  ]) {
    conflicts.add(message, subject, at, hint);
  }
  return [
    ...doubtful,
    ...checkLoad(flows, paths, positions.real),
    ...checkMemory(real.hosts, positions.real),
  ].map((doubt) => new NetmgrError({ kind: 'Conflict', ...doubt }));
}
