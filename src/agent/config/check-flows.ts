import type { Configuration } from '../../mib/configuration.js';
import { FLOW_PROTOCOLS, flowTable, type FlowRow } from '../../mib/flow-table.js';
import { memberTable } from '../../mib/member-table.js';
import { siteTable } from '../../mib/site-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { reachOf } from '../kernel/isolation/reach.js';
import { isolationSites } from './isolation-rows.js';
import { problem, type Problem } from './problem.js';

const PROTOCOLS: readonly number[] = Object.values(FLOW_PROTOCOLS);
const WITH_PORTS: readonly number[] = [FLOW_PROTOCOLS.tcp, FLOW_PROTOCOLS.udp];

/** What is wrong with the exceptions to the policies of the sites, and with what routed sites need. */
export function checkFlows(configuration: Configuration): Problem[] {
  return [
    ...configuration.rows(flowTable).flatMap((row) => checkFlow(configuration, row)),
    ...checkGateways(configuration),
  ];
}

function checkFlow(configuration: Configuration, row: FlowRow): Problem[] {
  const { columns } = flowTable;
  const problems: Problem[] = [];
  const wrong = (column: keyof typeof columns, text: string): void => {
    problems.push(problem(flowTable, row, columns[column].id, 'badValue', text));
  };
  for (const column of ['fromSite', 'toSite'] as const) {
    const site = row[column];
    if (site === 0 || configuration.get(siteTable, [site]) !== undefined) continue;
    const text = `there is no site ${String(site)}`;
    problems.push(problem(flowTable, row, columns[column].id, 'missingReference', text));
  }
  if (row.fromSite === 0 && row.toSite === 0) {
    wrong('toSite', 'what the outside world sends to itself is no matter of the sites');
  }
  const versions = (['from', 'to'] as const).map((end) => {
    const text = endProblem(row, end);
    if (text !== undefined) wrong(`${end}Address`, text);
    return row[`${end}AddressType`];
  });
  if (versions.includes('ipv4') && versions.includes('ipv6')) {
    wrong('toAddress', 'the two ends have addresses of different IP versions');
  }
  if (!PROTOCOLS.includes(row.protocol)) {
    wrong(
      'protocol',
      `the protocol ${String(row.protocol)} is not supported: only tcp, udp, icmp and ipv6-icmp`,
    );
  }
  if (row.toPortMin > row.toPortMax) wrong('toPortMax', 'the highest port is below the lowest');
  const isAnyPort = row.toPortMin === 0 && row.toPortMax === 65535;
  if (!isAnyPort && !WITH_PORTS.includes(row.protocol)) wrong('toPortMin', 'only tcp and udp have ports');
  return problems;
}

/** What is wrong with the address of an end, in words. */
function endProblem(row: FlowRow, end: 'from' | 'to'): string | undefined {
  const [type, text, prefixLength] = [
    row[`${end}AddressType`],
    row[`${end}Address`],
    row[`${end}PrefixLength`],
  ];
  if (text === '') return type === 'unknown' ? undefined : `an address of the type ${type} is missing`;
  const address = IpAddress.parse(text);
  if (type !== `ipv${String(address.version)}`) return `${text} is no address of the type ${type}`;
  try {
    IpNetwork.of(address, prefixLength);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where a routed connection is, hops are told by the MAC addresses of proxies. */
function checkGateways(configuration: Configuration): Problem[] {
  const reach = reachOf(isolationSites(configuration));
  const routed = new Set(reach.flatMap(({ sites, scope }) => (scope === 'routed' ? sites : [])));
  return configuration
    .rows(memberTable)
    .filter(({ site, role, macAddress }) => role === 'proxy' && macAddress === '' && routed.has(site))
    .map((row) => {
      const text = `${row.address} is a proxy of a routed site, so its MAC address is needed`;
      return problem(memberTable, row, memberTable.columns.macAddress.id, 'badValue', text);
    });
}
