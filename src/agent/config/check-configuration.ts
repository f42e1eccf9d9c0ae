import { NetmgrError } from '../../errors.js';
import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { routeTable } from '../../mib/route-table.js';
import { siteLinkTable } from '../../mib/site-link-table.js';
import { siteTable } from '../../mib/site-table.js';
import { SMALLEST_MTU, vifTable } from '../../mib/vif-table.js';
import { IpAddress } from '../../units/ip-network.js';
import { MACHINE_NAME } from '../kernel/names.js';
import { distinctMembers } from '../kernel/isolation/reach.js';
import { checkFlows } from './check-flows.js';
import { checkLinks } from './check-links.js';
import { checkOverlayRows } from './check-overlay-rows.js';
import { checkPrefix } from './check-prefix.js';
import { checkProfiles, doesMoreThanLimit } from './check-profiles.js';
import { checkVif } from './check-vif.js';
import { isolationMembers, isolationSites } from './isolation-rows.js';
import { problem, type Problem } from './problem.js';

/** What is wrong with a configuration by itself, whatever the host. All of it. */
export function checkConfiguration(configuration: Configuration): Problem[] {
  return [
    ...checkProfiles(configuration),
    ...checkVifs(configuration),
    ...checkLinks(configuration),
    ...checkAddresses(configuration),
    ...checkRoutes(configuration),
    ...checkSites(configuration),
    ...checkMembers(configuration),
    ...checkFlows(configuration),
    ...checkOverlayRows(configuration),
  ];
}

function checkVifs(configuration: Configuration): Problem[] {
  const problems: Problem[] = [];
  for (const row of configuration.rows(vifTable)) {
    for (const column of ['txProfile', 'rxProfile'] as const) {
      const { id } = vifTable.columns[column];
      const profile = configuration.get(profileTable, [row[column]]);
      if (row[column] !== 0 && profile === undefined) {
        problems.push(
          problem(vifTable, row, id, 'missingReference', `there is no profile ${String(row[column])}`),
        );
      }
      if (column === 'txProfile' && profile !== undefined && doesMoreThanLimit(profile)) {
        problems.push(
          problem(
            vifTable,
            row,
            id,
            'badValue',
            'what a machine sends can only be limited here: give latency, loss and the like to the links of the receivers',
          ),
        );
      }
    }
    if (!MACHINE_NAME.test(row.vmName)) {
      problems.push(
        problem(
          vifTable,
          row,
          vifTable.columns.vmName.id,
          'badValue',
          'the name of the machine is missing, or has other characters than letters, digits, ".", "_" and "-"',
        ),
      );
    }
    if (row.sourceGuard && row.macAddress === '') {
      problems.push(
        problem(
          vifTable,
          row,
          vifTable.columns.macAddress.id,
          'badValue',
          'the source guard needs the MAC address of the machine',
        ),
      );
    }
    if (row.mtu !== 0 && row.mtu < SMALLEST_MTU) {
      const text = `the MTU is ${String(SMALLEST_MTU)} at least: with less the machine would lose its IPv6`;
      problems.push(problem(vifTable, row, vifTable.columns.mtu.id, 'badValue', text));
    }
  }
  return problems;
}

function checkAddresses(configuration: Configuration): Problem[] {
  return configuration.rows(addrTable).flatMap((row) => {
    const problems = checkVif(configuration, addrTable, row);
    if (row.prefixLength > IpAddress.parse(row.address).bits) {
      problems.push(
        problem(
          addrTable,
          row,
          addrTable.columns.prefixLength.id,
          'badValue',
          `${row.address} has no ${String(row.prefixLength)} bits`,
        ),
      );
    }
    return problems;
  });
}

function checkRoutes(configuration: Configuration): Problem[] {
  return configuration.rows(routeTable).flatMap((row) => {
    const problems = [
      ...checkVif(configuration, routeTable, row),
      ...checkPrefix(routeTable, row, row.destination, row.prefixLength),
    ];
    const version = IpAddress.parse(row.destination).version;
    if (row.nextHop !== '' && IpAddress.parse(row.nextHop).version !== version) {
      problems.push(
        problem(routeTable, row, 0, 'badValue', `${row.nextHop} is no next hop for ${row.destination}`),
      );
    }
    return problems;
  });
}

function checkSites(configuration: Configuration): Problem[] {
  const problems: Problem[] = [];
  const missing = (site: number): boolean => configuration.get(siteTable, [site]) === undefined;
  for (const row of configuration.rows(memberTable)) {
    if (missing(row.site))
      problems.push(problem(memberTable, row, 0, 'missingReference', `there is no site ${String(row.site)}`));
    problems.push(...checkPrefix(memberTable, row, row.address, row.prefixLength));
    if (row.prefixLength === 0) {
      // hash:net of ipset has no /0.
      problems.push(
        problem(memberTable, row, 0, 'badValue', 'a member is an address or a network, not all of them'),
      );
    }
  }
  for (const row of configuration.rows(siteLinkTable)) {
    if (missing(row.site) || missing(row.peer)) {
      problems.push(
        problem(
          siteLinkTable,
          row,
          0,
          'missingReference',
          `there is no site ${String(missing(row.site) ? row.site : row.peer)}`,
        ),
      );
    }
    if (row.site >= row.peer) {
      problems.push(problem(siteLinkTable, row, 0, 'badValue', 'the lower site index comes first'));
    }
  }
  return problems;
}

/** An address of two sites, or of a proxy and a node, cannot be told. */
function checkMembers(configuration: Configuration): Problem[] {
  const [first] = configuration.rows(memberTable);
  if (first === undefined) return [];
  try {
    distinctMembers({ ...isolationSites(configuration), members: isolationMembers(configuration) });
    return [];
  } catch (error) {
    // What is no network, or of no site, has been said of its row.
    if (!(error instanceof NetmgrError) || error.hint === undefined || error.kind !== 'Conflict') return [];
    return [problem(memberTable, first, 0, 'conflict', error.message)];
  }
}
