import { NetmgrError } from '../../../errors.js';
import { IpAddress } from '../../../units/ip-network.js';
import { MacAddress } from '../../../units/mac-address.js';
import type { Link } from '../ip/links.js';
import { expectInterfaceName } from '../names.js';
import { sameTunnel, type Overlay, type OverlayState } from './model.js';
import { ALL_ZERO } from './parse-fdb.js';
import { overlayAlias, overlayMac, siteOfOverlay } from './overlay-name.js';

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** What is held of a wanted overlay and can become it; undefined where it is made anew. */
function keptOf(held: OverlayState, name: string, wanted: Overlay): Overlay | undefined {
  const present = held.get(name);
  return present !== undefined && sameTunnel(present.tunnel, wanted.tunnel) ? present : undefined;
}

/** The lines for `ip -batch` that take away our VXLAN devices that are not wanted, or wanted otherwise. */
export function writeOverlayRemovals(held: OverlayState, wanted: OverlayState): string {
  return textOf(
    [...held.keys()]
      .filter((name) => {
        const other = wanted.get(name);
        return other === undefined || keptOf(held, name, other) === undefined;
      })
      .map((name) => `link del dev ${expectInterfaceName(name)}`),
  );
}

/**
 * The lines for `ip -batch` that make the VXLAN devices that are missing, after the removals, and complete the others. A
 * device is up only when its port is closed.
 *
 * @throws NetmgrError `Conflict` if an interface of another kind has the name
 */
export function writeOverlayAdditions(
  links: ReadonlyMap<string, Link>,
  held: OverlayState,
  wanted: OverlayState,
): string {
  return textOf(
    [...wanted].flatMap(([name, overlay]) =>
      additions(links.get(name), keptOf(held, name, overlay), name, overlay),
    ),
  );
}

function additions(
  link: Link | undefined,
  kept: Overlay | undefined,
  name: string,
  wanted: Overlay,
): string[] {
  if (link !== undefined && siteOfOverlay(link) === undefined) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `the interface ${name} exists and is not netmgr's`,
      subject: name,
      hint: `Look at "ip -d link show ${name}" and remove it if nothing needs it.`,
    });
  }
  const { tunnel, bridge = '', mtu, site } = wanted;
  const device = expectInterfaceName(name);
  const lines: string[] = [];
  if (kept === undefined) {
    const local = IpAddress.parse(tunnel.local).toString();
    lines.push(
      `link add name ${device} address ${overlayMac(site)} mtu ${String(mtu)} type vxlan id ${String(tunnel.vni)} local ${local} dstport ${String(tunnel.port)} nolearning`,
    );
  } else if (kept.mtu < mtu) lines.push(`link set dev ${device} mtu ${String(mtu)}`);
  // Without addresses of its own it says nothing by itself.
  if (kept?.marked !== true)
    lines.push(`link set dev ${device} addrgenmode none alias ${overlayAlias(site)}`);
  const isThere = kept?.bridge === bridge;
  if (!isThere) lines.push(`link set dev ${device} master ${expectInterfaceName(bridge)}`);
  if (!isThere || !kept.closed) {
    lines.push(
      `link set dev ${device} type bridge_slave isolated on learning off flood off mcast_flood on bcast_flood on`,
    );
  }
  if (kept?.up !== true) lines.push(`link set dev ${device} up`);
  return lines;
}

/** The lines for `bridge -batch` that say which frames go where, once the devices are there. */
export function writeFdb(held: OverlayState, wanted: OverlayState): string {
  return textOf(
    [...wanted].flatMap(([name, overlay]) => fdbLines(keptOf(held, name, overlay), name, overlay)),
  );
}

function fdbLines(kept: Overlay | undefined, name: string, wanted: Overlay): string[] {
  const device = expectInterfaceName(name);
  // At another bridge nothing is known yet.
  const pinned = kept?.bridge === wanted.bridge ? kept?.pinned : undefined;
  const lines: string[] = [];
  for (const vtep of wanted.vteps) {
    if (kept?.vteps.has(vtep) === true) continue;
    lines.push(`fdb append ${ALL_ZERO} dev ${device} dst ${IpAddress.parse(vtep).toString()} self permanent`);
  }
  for (const [machine, vtep] of wanted.machines) {
    const mac = MacAddress.parse(machine).toString();
    if (kept?.machines.get(machine) !== vtep) {
      lines.push(`fdb replace ${mac} dev ${device} dst ${IpAddress.parse(vtep).toString()} self permanent`);
    }
    if (pinned?.get(machine) !== true) lines.push(`fdb replace ${mac} dev ${device} master static sticky`);
  }
  for (const machine of pinned?.keys() ?? []) {
    if (!wanted.machines.has(machine)) lines.push(`fdb del ${machine} dev ${device} master`);
  }
  for (const [machine, destination] of kept?.machines ?? []) {
    if (!wanted.machines.has(machine)) lines.push(`fdb del ${machine} dev ${device} dst ${destination} self`);
  }
  for (const destination of kept?.vteps ?? []) {
    if (!wanted.vteps.has(destination))
      lines.push(`fdb del ${ALL_ZERO} dev ${device} dst ${destination} self`);
  }
  return lines;
}
