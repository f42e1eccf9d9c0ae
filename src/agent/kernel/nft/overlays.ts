import type { BridgeVif, NftTable } from './model.js';
import { hook, quoted, setOf } from './syntax.js';

/** An overlay of this host, as the bridge has to know it. */
export interface BridgeOverlay {
  readonly device: string;
  readonly site: number;
  /** The MAC addresses of the machines that are reached by it. */
  readonly machines: readonly string[];
}

/**
 * What keeps overlays from leaking and from looping. Into an overlay go frames of machines of sites alone, and those
 * to a group address of its own site's: each reaches another host once. Out of it they reach such machines alone, no
 * other overlay, no uplink and not the host. A machine behind an overlay comes by no other way, such as an uplink
 * that its host shares with this one. Who reaches whom is for the rest of the table, and for iptables, to say.
 */
export function buildOverlays(vifs: readonly BridgeVif[], overlays: readonly BridgeOverlay[]): NftTable {
  const deviceOf = new Map(overlays.map(({ site, device }) => [site, device]));
  const ways = vifs.flatMap(({ vif, site }) => {
    const device = site === undefined ? undefined : deviceOf.get(site);
    return device === undefined ? [] : [`${quoted(vif)} . ${quoted(device)}`];
  });
  const members = vifs.filter(({ site }) => site !== undefined).map(({ vif }) => quoted(vif));
  return {
    sets: new Map([
      [
        'overlays',
        setOf(
          'ifname',
          overlays.map(({ device }) => quoted(device)),
        ),
      ],
      ['overlay-vifs', setOf('ifname', members)],
      ['overlay-ways', setOf('ifname . ifname', ways)],
      [
        'overlay-machines',
        setOf(
          'ether_addr',
          overlays.flatMap(({ machines }) => machines),
        ),
      ],
    ]),
    chains: new Map([
      [
        'overlay-prerouting',
        [hook('prerouting'), 'iifname != @overlays ether saddr @overlay-machines counter drop'],
      ],
      [
        'overlay-forward',
        [
          hook('forward'),
          'oifname @overlays goto overlay-out',
          'iifname @overlays oifname != @overlay-vifs counter drop',
        ],
      ],
      [
        'overlay-out',
        [
          'meta pkttype { broadcast, multicast } iifname . oifname @overlay-ways accept',
          // The bridge offers a frame to every overlay: nothing is wrong where it goes by another.
          'meta pkttype { broadcast, multicast } drop',
          'iifname @overlay-vifs accept',
          'counter drop',
        ],
      ],
      ['overlay-input', [hook('input'), 'iifname @overlays drop']],
      ['overlay-output', [hook('output'), 'oifname @overlays drop']],
    ]),
  };
}
