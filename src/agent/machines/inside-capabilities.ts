import type { Capability } from '../../mib/host-scalars.js';

/** What can be done inside a machine in which ip(8) and sysctl(8) run. */
export const INSIDE_CAPABILITIES: readonly Capability[] = [
  'guestAddress',
  'guestRoute',
  'guestForwarding',
  'guestMtu',
];
