import { createHash } from 'node:crypto';
import { expectInterfaceName } from '../names.js';

const PREFIX = 'nm-';

/**
 * Stands for a vif where the IFB is the one that copies are sent to: an IFB drops what was not redirected to it (drivers/net/ifb.c).
 * No interface can be called so.
 */
export const SINK = ':copies';

/**
 * The name of the IFB of a vif: the same for every run, and 15 characters at most.
 *
 * @throws NetmgrError `InvalidInput` for what neither is a name of an interface nor {@link SINK}
 */
export function ifbName(vif: string): string {
  const digest = createHash('sha256')
    .update(vif === SINK ? vif : expectInterfaceName(vif))
    .digest('hex');
  return PREFIX + digest.slice(0, 12);
}

/** Whether {@link ifbName} could have made it. */
export const isIfbName = (name: string): boolean => /^nm-[0-9a-f]{12}$/.test(name);
