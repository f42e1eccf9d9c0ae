import type { Configuration } from '../../mib/configuration.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { overlayVtepTable } from '../../mib/overlay-vtep-table.js';
import { about, type HostProblem } from './host-problem.js';
import { siteOfOverlay } from '../kernel/overlay/overlay-name.js';
import type { HostReading } from './host-state.js';

/** What stands in the way of the overlays of a configuration on this host. */
export function checkOverlays(target: Configuration, { links, addresses }: HostReading): HostProblem[] {
  const others = [...links.values()].filter((link) => siteOfOverlay(link) === undefined);
  const problems: HostProblem[] = [];
  for (const row of target.rows(overlayTable)) {
    const bridge = links.get(row.bridge);
    if (bridge?.kind !== 'bridge') {
      const words = bridge === undefined ? `there is no bridge ${row.bridge}` : `${row.bridge} is no bridge`;
      problems.push(about(overlayTable, row, overlayTable.columns.bridge.id, 'noSuchBridge', words));
    }
    const other = others.find(
      ({ vxlan }) => vxlan?.port === row.port && (vxlan.vni === row.vni || vxlan.vni === 0),
    );
    if (other !== undefined) {
      problems.push(
        about(
          overlayTable,
          row,
          overlayTable.columns.vni.id,
          'conflict',
          `the VXLAN network ${String(row.vni)} at UDP port ${String(row.port)} is somebody else's here, that of ${other.name}; give the site another overlay-vni or overlay-port`,
        ),
      );
    }
  }
  for (const row of target.rows(overlayVtepTable)) {
    if (row.role !== 'local' || addresses.has(row.address)) continue;
    problems.push(
      about(
        overlayVtepTable,
        row,
        0,
        'badValue',
        `${row.address}, from where overlays send, is no address of this host; it is the host's in the real file`,
      ),
    );
  }
  return problems;
}
