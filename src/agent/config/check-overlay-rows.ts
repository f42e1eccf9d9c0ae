import type { Configuration } from '../../mib/configuration.js';
import { overlayMachineTable } from '../../mib/overlay-machine-table.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { overlayVtepTable, type OverlayVtepRow } from '../../mib/overlay-vtep-table.js';
import { siteTable } from '../../mib/site-table.js';
import { vifTable } from '../../mib/vif-table.js';
import { IpAddress } from '../../units/ip-network.js';
import { groupBy } from '../../group-by.js';
import { problem, type Problem } from './problem.js';

/** What is wrong with the overlays of a configuration by themselves. */
export function checkOverlayRows(configuration: Configuration): Problem[] {
  const vteps = groupBy(configuration.rows(overlayVtepTable), ({ site }) => site);
  return [
    ...checkTunnels(configuration, vteps),
    ...checkVteps(configuration),
    ...checkMachines(configuration),
  ];
}

function checkTunnels(
  configuration: Configuration,
  vteps: ReadonlyMap<number, readonly OverlayVtepRow[]>,
): Problem[] {
  const problems: Problem[] = [];
  const siteOf = new Map<string, number>();
  for (const row of configuration.rows(overlayTable)) {
    if (configuration.get(siteTable, [row.site]) === undefined) {
      problems.push(
        problem(overlayTable, row, 0, 'missingReference', `there is no site ${String(row.site)}`),
      );
    }
    const network = `${String(row.vni)} ${String(row.port)}`;
    const other = siteOf.get(network);
    siteOf.set(network, row.site);
    if (other !== undefined) {
      const words = `the sites ${String(other)} and ${String(row.site)} have the same VXLAN network at the same port`;
      problems.push(problem(overlayTable, row, overlayTable.columns.vni.id, 'conflict', words));
    }
    const ends = vteps.get(row.site) ?? [];
    const local = ends.filter(({ role }) => role === 'local').length;
    if (local !== 1 || ends.length < 2) {
      const words = `the overlay of site ${String(row.site)} needs one address of this host and at least one of another, and has ${String(local)} and ${String(ends.length - local)}`;
      problems.push(problem(overlayTable, row, 0, 'missingReference', words));
    }
    if (new Set(ends.map(({ address }) => IpAddress.parse(address).version)).size > 1) {
      const words = `the addresses of the overlay of site ${String(row.site)} are of both IP versions`;
      problems.push(problem(overlayTable, row, 0, 'badValue', words));
    }
  }
  return problems;
}

function checkVteps(configuration: Configuration): Problem[] {
  return configuration
    .rows(overlayVtepTable)
    .filter(({ site }) => configuration.get(overlayTable, [site]) === undefined)
    .map((row) =>
      problem(overlayVtepTable, row, 0, 'missingReference', `site ${String(row.site)} has no overlay`),
    );
}

/** A machine is behind one host alone: frames for it go one way. */
function checkMachines(configuration: Configuration): Problem[] {
  const problems: Problem[] = [];
  // One that may be elsewhere is behind that host while it is not here.
  const vifs = configuration.rows(vifTable).filter(({ presence }) => presence === 'required');
  const here = new Map(vifs.map(({ macAddress, vif }) => [macAddress, vif]));
  const remotes = new Set(
    configuration
      .rows(overlayVtepTable)
      .filter(({ role }) => role === 'remote')
      .map(({ site, address }) => `${String(site)} ${address}`),
  );
  const placeOf = new Map<string, string>();
  for (const row of configuration.rows(overlayMachineTable)) {
    const { mac, site, vtep } = row;
    if (!remotes.has(`${String(site)} ${vtep}`)) {
      const words = `${vtep} is no other host of the overlay of site ${String(site)}`;
      problems.push(problem(overlayMachineTable, row, 0, 'missingReference', words));
    }
    const place = placeOf.get(mac) ?? here.get(mac);
    if (place !== undefined) {
      const words = `${mac} is behind ${vtep} and at ${place}`;
      problems.push(problem(overlayMachineTable, row, 0, 'conflict', words));
    }
    placeOf.set(mac, vtep);
  }
  return problems;
}
