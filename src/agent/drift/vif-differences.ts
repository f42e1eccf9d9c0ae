import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { Drift } from './drift.js';

/** The vifs that are not there, or not at their bridge. */
export function vifDifferences(running: Configuration, links: ReadonlyMap<string, Link>): Drift[] {
  return running.rows(vifTable).flatMap(({ vif, vmName, bridge }): Drift[] => {
    const drift = (text: string): Drift[] => [{ what: 'vif', vif, text, repairable: false }];
    const link = links.get(vif);
    if (link === undefined) return drift(`${vif}, the interface of ${vmName}, should be there, and is not`);
    if (bridge === '' || link.master === bridge) return [];
    const where = link.master === undefined ? 'at no bridge' : `at ${link.master}`;
    return drift(`${vif} should be at the bridge ${bridge}, and is ${where}`);
  });
}
