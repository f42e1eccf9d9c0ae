import type { Configuration } from '../../mib/configuration.js';
import { overlayMachineTable } from '../../mib/overlay-machine-table.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { overlayVtepTable } from '../../mib/overlay-vtep-table.js';
import { groupBy } from '../../group-by.js';
import type { Link } from '../kernel/ip/links.js';
import type { Overlay, OverlayState } from '../kernel/overlay/model.js';
import { overlayName } from '../kernel/overlay/overlay-name.js';

/** What a bridge has by itself (RFC 894). */
const ETHERNET_MTU = 1500;

/** The overlays that a configuration asks for. One whose bridge is not there now comes when it returns. */
export function desiredOverlays(
  configuration: Configuration,
  links: ReadonlyMap<string, Link>,
): OverlayState {
  const vteps = groupBy(configuration.rows(overlayVtepTable), ({ site }) => site);
  const machines = groupBy(configuration.rows(overlayMachineTable), ({ site }) => site);
  return new Map(
    configuration
      .rows(overlayTable)
      .filter(({ bridge }) => links.has(bridge))
      .map(({ site, bridge, vni, port }): [string, Overlay] => {
        const ends = vteps.get(site) ?? [];
        const behind = machines.get(site) ?? [];
        return [
          overlayName(site),
          {
            site,
            tunnel: {
              vni,
              port,
              local: ends.find(({ role }) => role === 'local')?.address ?? '',
              plain: true,
            },
            bridge,
            mtu: mtuOf(bridge, links),
            up: true,
            marked: true,
            closed: true,
            vteps: new Set(ends.filter(({ role }) => role === 'remote').map(({ address }) => address)),
            machines: new Map(behind.map(({ mac, vtep }) => [mac, vtep])),
            pinned: new Map(behind.map(({ mac }) => [mac, true])),
          },
        ];
      }),
  );
}

/** What the widest other port of the bridge takes: a port that takes less would make the whole bridge narrower. */
function mtuOf(bridge: string, links: ReadonlyMap<string, Link>): number {
  const ports = [...links.values()].filter(({ master, kind }) => master === bridge && kind !== 'vxlan');
  return Math.max(ETHERNET_MTU, ...ports.map(({ mtu }) => mtu));
}
