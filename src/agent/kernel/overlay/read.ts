import type { Run } from '../../../process/run.js';
import type { Link } from '../ip/links.js';
import { runBatch } from '../run-batch.js';
import type { Overlay, OverlayState } from './model.js';
import { overlayAlias, siteOfOverlay } from './overlay-name.js';
import { parseFdb } from './parse-fdb.js';
import { writeFdb, writeOverlayAdditions, writeOverlayRemovals } from './write.js';

/** What netmgr has of VXLAN devices: one process for their forwarding tables, and none where there are no devices. */
export async function readOverlays(run: Run, links: Iterable<Link>): Promise<OverlayState> {
  const ours = [...links].flatMap((link) => {
    const site = siteOfOverlay(link);
    return site === undefined || link.vxlan === undefined ? [] : [{ link, site, tunnel: link.vxlan }];
  });
  if (ours.length === 0) return new Map();
  const { stdout } = await run(['bridge', '-j', 'fdb', 'show']);
  const tables = parseFdb(stdout, new Map(ours.map(({ link }) => [link.name, link.mac])));
  return new Map(
    ours.map(({ link, site, tunnel }): [string, Overlay] => [
      link.name,
      {
        site,
        tunnel,
        bridge: link.master,
        mtu: link.mtu,
        up: link.up,
        marked: link.alias === overlayAlias(site),
        closed: link.closedPort === true,
        vteps: tables.get(link.name)?.vteps ?? new Set(),
        machines: tables.get(link.name)?.machines ?? new Map(),
        pinned: tables.get(link.name)?.pinned ?? new Map(),
      },
    ]),
  );
}

/** Takes away the VXLAN devices that are left over: one process, or none. */
export async function removeOverlays(run: Run, from: OverlayState, to: OverlayState): Promise<void> {
  await runBatch(run, ['ip', '-batch', '-'], writeOverlayRemovals(from, to));
}

/** Makes the VXLAN devices that are missing, and says what goes where: one process each, or none. */
export async function addOverlays(
  run: Run,
  links: ReadonlyMap<string, Link>,
  from: OverlayState,
  to: OverlayState,
): Promise<void> {
  await runBatch(run, ['ip', '-batch', '-'], writeOverlayAdditions(links, from, to));
  await runBatch(run, ['bridge', '-batch', '-'], writeFdb(from, to));
}
