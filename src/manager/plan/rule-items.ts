import type { Configuration } from '../../mib/configuration.js';
import { FLOW_PROTOCOLS, flowTable, type FlowRow } from '../../mib/flow-table.js';
import { NO_LISTS, type Item } from './item.js';
import { isLinkLocal, type Names } from './names.js';

const LAST_PORT = 65535;

/** The rules of a host in their order, each once: a rule has a row for each pair of addresses. */
export function ruleItems(configuration: Configuration, names: Names): Item[] {
  const rules = new Map<string, FlowRow>();
  for (const row of configuration.rows(flowTable)) {
    // Those of link-local addresses go with the others.
    if (isLinkLocal(row.fromAddress) || isLinkLocal(row.toAddress)) continue;
    const text = ruleText(row, names);
    if (!rules.has(text)) rules.set(text, row);
  }
  return [...rules].map(([text, row]) => ({
    ...{ kind: 'rule', key: `rule ${text}`, subject: text, properties: new Map(), lists: NO_LISTS },
    row: { table: flowTable, row },
  }));
}

function ruleText(row: FlowRow, names: Names): string {
  const protocol = Object.entries(FLOW_PROTOCOLS).find(([, number]) => number === row.protocol)?.[0];
  const isAny = row.protocol === FLOW_PROTOCOLS.any;
  return [
    row.action === 'permit' ? 'allow' : 'deny',
    ...(isAny ? [] : [protocol === 'icmpv6' ? 'icmp' : (protocol ?? `protocol ${String(row.protocol)}`)]),
    `${endText(row.fromSite, row.fromAddress, names)} → ${endText(row.toSite, row.toAddress, names)}`,
    ...(row.toPortMin === 0 && row.toPortMax === LAST_PORT ? [] : [`port ${portText(row)}`]),
  ].join(' ');
}

function endText(site: number, address: string, names: Names): string {
  if (address !== '') return names.address(address);
  return site === 0 ? 'any' : names.site(site);
}

function portText({ toPortMin, toPortMax }: FlowRow): string {
  return toPortMin === toPortMax ? String(toPortMin) : `${String(toPortMin)}-${String(toPortMax)}`;
}
