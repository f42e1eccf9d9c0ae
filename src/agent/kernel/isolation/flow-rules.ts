import type { IpVersion } from '../../../units/ip-network.js';
import type { Flow, FlowEnd, FlowProtocol } from './model.js';
import { allSet, inSet, notInSet, siteSet } from './set-names.js';

/** Neighbour solicitation and advertisement (RFC 4861 sections 4.3 and 4.4). */
const NEIGHBOUR_TYPES = [135, 136] as const;
/** As iptables prints them. */
const NAMES: Readonly<Record<FlowProtocol, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' };
const VERSION_OF: Readonly<Partial<Record<FlowProtocol, IpVersion>>> = { 1: 4, 58: 6 };

/** What tells packets of one IP version, in the parts of a rule. */
interface Match {
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

/** Neighbour discovery between the ends of permitting flows: without it no other packet would find its way. */
export function neighbourRules(flows: readonly Flow[]): string[] {
  return flows
    .filter(({ action }) => action === 'permit')
    .flatMap((flow) => [flow, { ...flow, from: flow.to, to: flow.from }])
    .flatMap(({ from, to }) => {
      const match = matchOf(from, to, 6);
      return match === undefined ? [] : neighbourAccepts(match);
    });
}

/** Neighbour discovery where addresses match. */
export const neighbourAccepts = ({ addresses, sets }: Match): string[] =>
  NEIGHBOUR_TYPES.map((type) =>
    join(addresses, '-p ipv6-icmp', sets, `-m icmp6 --icmpv6-type ${String(type)}`, '-j ACCEPT'),
  );

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
