import { ifbName, SINK } from '../../../../src/agent/kernel/tc/ifb-name.js';
import type { Scratch } from '../scratch.js';

/** Makes vifs whose other ends are `peer0` and so on, with all the IFBs that they may need. */
export async function addVifs(scratch: Scratch, vifs: readonly string[]): Promise<void> {
  for (const [index, vif] of vifs.entries()) {
    await scratch.sh(`ip link add ${vif} up type veth peer name peer${String(index)}`);
    await scratch.sh(`ip link add ${ifbName(vif)} up type ifb`);
  }
  await scratch.sh(`ip link add ${ifbName(SINK)} up type ifb`);
}
