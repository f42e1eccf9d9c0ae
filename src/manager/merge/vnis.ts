import { createHash } from 'node:crypto';
import { VNI_MAX, VXLAN_PORT } from '../../mib/overlay-table.js';
import type { Site } from '../model/site.js';
import type { Conflicts } from './conflicts.js';
import type { PositionOf } from './place-nodes.js';

/** The VXLAN network of a site. */
export interface VxlanNetwork {
  readonly vni: number;
  /** UDP. */
  readonly port: number;
}

/**
 * The VXLAN networks of the sites that have an overlay. Where the file does not say the identifier, it follows from the
 * names of environment and site (as long as no two sites of the environment collide): it stays when other sites come
 * and go, and another environment has others.
 */
export function vxlanNetworks(
  environment: string,
  sites: readonly Site[],
  positionOf: PositionOf,
  conflicts: Conflicts,
): ReadonlyMap<Site, VxlanNetwork> {
  const found = new Map<Site, VxlanNetwork>();
  const taken = new Map<number, Site>();
  const withOverlay = sites.filter(({ overlay }) => overlay !== undefined);
  for (const site of withOverlay) {
    const { overlayVni: vni, overlayPort: port = VXLAN_PORT } = site;
    if (vni === undefined) continue;
    const other = taken.get(vni);
    if (other !== undefined && found.get(other)?.port === port) {
      conflicts.add(
        `the overlays of ${other.name} and ${site.name} have the same VXLAN network ${String(vni)}`,
        site.name,
        positionOf(site),
        'Give each another overlay-vni, or leave it out.',
      );
    }
    taken.set(vni, site);
    found.set(site, { vni, port });
  }
  for (const site of withOverlay.filter(({ overlayVni }) => overlayVni === undefined)) {
    let vni = createHash('sha256').update(`${environment}\n${site.name}`).digest().readUIntBE(0, 3);
    while (vni === 0 || taken.has(vni)) vni = (vni + 1) % (VNI_MAX + 1);
    taken.set(vni, site);
    found.set(site, { vni, port: site.overlayPort ?? VXLAN_PORT });
  }
  return found;
}
