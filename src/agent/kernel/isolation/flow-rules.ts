import { allSet, siteSet } from '../../../mib/rule-names.js';
import type { IpVersion } from '../../../units/ip-network.js';
import type { Flow, FlowEnd, FlowProtocol } from './model.js';
import { inSet, notInSet } from './in-set.js';

/** Neighbour solicitation and advertisement (RFC 4861 sections 4.3 and 4.4). */
const NEIGHBOUR_TYPES = [135, 136] as const;
/** As iptables prints them. */
const NAMES: Readonly<Record<FlowProtocol, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' };
const VERSION_OF: Readonly<Partial<Record<FlowProtocol, IpVersion>>> = { 1: 4, 58: 6 };

/** What tells packets of one IP version, in the parts of a rule. */
export interface Match {
  readonly addresses: string;
  readonly sets: string;
}

/** The rules of the flows that can match packets of an IP version. */
export function flowRules(flows: readonly Flow[], version: IpVersion): string[] {
  return flows.flatMap((flow) => ruleOf(flow, version, false));
}

/**
 * The same for what answers: a reply is judged by the flow that what it replies to is judged by, so addresses and ports
 * change places. These rules see replies only.
 */
export function replyRules(flows: readonly Flow[], version: IpVersion): string[] {
  return flows.flatMap((flow) => ruleOf(flow, version, true));
}

/** Both ways between the ends of each permitting flow. */
export function talkers(flows: readonly Flow[], version: IpVersion): Match[] {
  return flows
    .filter(({ action }) => action === 'permit')
    .flatMap(({ from, to }) => [matchOf(from, to, version), matchOf(to, from, version)])
    .filter((match) => match !== undefined);
}

/**
 * What passes between all that may talk, whatever flows say of its protocol: neighbour discovery, without which no other
 * packet would find its way, and ICMP errors about a connection that exists.
 */
export function companions({ addresses, sets }: Match, version: IpVersion): string[] {
  const icmp = `-p ${NAMES[version === 4 ? 1 : 58]}`;
  const neighbours = version === 4 ? [] : NEIGHBOUR_TYPES;
  return [
    ...neighbours.map((type) =>
      join(addresses, icmp, sets, `-m icmp6 --icmpv6-type ${String(type)}`, '-j ACCEPT'),
    ),
    join(addresses, icmp, sets, '-m conntrack --ctstate RELATED', '-j ACCEPT'),
  ];
}

function ruleOf(flow: Flow, version: IpVersion, isReply: boolean): string[] {
  const { from, to, protocol, ports, action } = flow;
  const match = isReply ? matchOf(to, from, version) : matchOf(from, to, version);
  if (match === undefined) return [];
  if (protocol !== undefined && (VERSION_OF[protocol] ?? version) !== version) return [];
  const name = protocol === undefined ? '' : NAMES[protocol];
  const [low, high] = ports ?? [];
  const range = low === high ? String(low) : `${String(low)}:${String(high)}`;
  return [
    join(
      match.addresses,
      name === '' ? '' : `-p ${name}`,
      match.sets,
      ports === undefined ? '' : `-m ${name} ${isReply ? '--sport' : '--dport'} ${range}`,
      action === 'permit' ? '-j ACCEPT' : '-j DROP',
    ),
  ];
}

/** Undefined where an end has addresses of the other version only. */
function matchOf(from: FlowEnd, to: FlowEnd, version: IpVersion): Match | undefined {
  if ([from, to].some(({ network }) => network !== undefined && network.version !== version))
    return undefined;
  return {
    addresses: join(addressOf(from, '-s'), addressOf(to, '-d')),
    sets: join(setOf(from, 'src', version), setOf(to, 'dst', version)),
  };
}

const addressOf = ({ network }: FlowEnd, option: '-s' | '-d'): string =>
  network === undefined || network.prefixLength === 0 ? '' : `${option} ${network.toString()}`;

const setOf = ({ site }: FlowEnd, end: 'src' | 'dst', version: IpVersion): string =>
  site === undefined ? notInSet(allSet(version), end) : inSet(siteSet(site, version), end);

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
