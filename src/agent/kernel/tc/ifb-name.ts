import { createHash } from 'node:crypto';
import { expectInterfaceName } from '../names.js';

const PREFIX = 'nm-';

/** The name of the IFB of a vif: the same for every run, and 15 characters at most. */
export function ifbName(vif: string): string {
  const digest = createHash('sha256').update(expectInterfaceName(vif)).digest('hex');
  return PREFIX + digest.slice(0, 12);
}

/** Whether {@link ifbName} could have made it. */
export const isIfbName = (name: string): boolean => /^nm-[0-9a-f]{12}$/.test(name);
