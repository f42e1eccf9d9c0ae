import { expectInterfaceName } from '../names.js';
import type { NftSet } from './model.js';

/** Before br_netfilter (0) and everything else, and no priority that nft prints by a name. */
const PRIORITY = '-350';

/** An interface name as an element. @throws NetmgrError `InvalidInput`. */
export const quoted = (vif: string): string => `"${expectInterfaceName(vif)}"`;

/** A set of the elements. */
export function setOf(type: string, elements: Iterable<string>): NftSet {
  return { kind: 'set', type, interval: false, elements: new Set(elements) };
}

/** The first line of a chain that the bridge calls. */
export const hook = (name: 'prerouting' | 'forward'): string =>
  `type filter hook ${name} priority ${PRIORITY}; policy accept;`;
