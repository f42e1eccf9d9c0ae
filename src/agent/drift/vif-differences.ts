import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { Drift } from './drift.js';

/** The vifs that are not there, not at their bridge, or of another MTU. */
export function vifDifferences(running: Configuration, links: ReadonlyMap<string, Link>): Drift[] {
  return running.rows(vifTable).flatMap(({ vif, vmName, bridge, mtu }): Drift[] => {
    const drift = (text: string, repairable = false): Drift[] => [{ what: 'vif', vif, text, repairable }];
    const link = links.get(vif);
    if (link === undefined) return drift(`${vif}, the interface of ${vmName}, should be there, and is not`);
    const where = link.master === undefined ? 'at no bridge' : `at ${link.master}`;
    const isThere = bridge === '' || link.master === bridge;
    return [
      ...(isThere ? [] : drift(`${vif} should be at the bridge ${bridge}, and is ${where}`)),
      ...(mtu === 0 || link.mtu === mtu
        ? []
        : drift(`${vif} should have the MTU ${String(mtu)}, and has ${String(link.mtu)}`, true)),
    ];
  });
}
