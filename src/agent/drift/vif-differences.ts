import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { Binding } from '../host/binding.js';
import { isMissed } from '../host/locate-vifs.js';
import type { Link } from '../kernel/ip/links.js';
import type { Drift } from './drift.js';

/** The vifs that are not there, or not at their bridge. A machine that may be on another host is missed by nobody. */
export function vifDifferences(
  running: Configuration,
  binding: Binding,
  links: ReadonlyMap<string, Link>,
): Drift[] {
  const drift = (vif: string, text: string): Drift => ({ what: 'vif', vif, text, repairable: false });
  const away = binding.away
    .filter(isMissed)
    .map(({ row: { vif, vmName }, why }) => drift(vif, `${vmName} should be there: ${why}`));
  const here = running.rows(vifTable).flatMap(({ vif, vmName, bridge }): Drift[] => {
    const device = binding.deviceOf(vif);
    if (device === undefined) return [];
    const link = links.get(device);
    if (link === undefined)
      return [drift(vif, `${vif}, the interface of ${vmName}, should be there, and is not`)];
    if (bridge === '' || link.master === bridge) return [];
    const where = link.master === undefined ? 'at no bridge' : `at ${link.master}`;
    return [drift(vif, `${device} should be at the bridge ${bridge}, and is ${where}`)];
  });
  return [...away, ...here];
}
