import type { SitePolicy } from './site.js';

/** From what lets least through to what lets most. */
const BREADTH: readonly SitePolicy[] = ['isolated', 'proxy', 'routed', 'open'];

/** What counts between two sites: the policy that lets less through. */
export function narrowerPolicy(a: SitePolicy, b: SitePolicy): SitePolicy {
  return BREADTH.indexOf(a) <= BREADTH.indexOf(b) ? a : b;
}
