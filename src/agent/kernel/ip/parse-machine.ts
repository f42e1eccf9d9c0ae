import { IpAddress, IpNetwork } from '../../../units/ip-network.js';
import { numberOf, recordsOf, recordOf, textOf } from '../printed.js';
import {
  ROUTE_PROTOCOL,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from './machine.js';

/** The lines that {@link parseMachine} reads the answers of. */
export const MACHINE_LINES = 'addr show\nroute show table all\n';

/** Reads the output of `ip -j -batch` for {@link MACHINE_LINES}: two JSON arrays. @throws SyntaxError. */
export function parseMachine(output: string): MachineState {
  const [addresses = '[]', routes = '[]'] = output.split('\n').filter((line) => line.startsWith('['));
  const devices = new Map<string, MachineDevice>();
  for (const record of recordsOf(addresses)) {
    const flags = record['flags'];
    const list: unknown = record['addr_info'];
    devices.set(textOf(record['ifname']), {
      up: Array.isArray(flags) && flags.includes('UP'),
      mac: textOf(record['address']),
      addresses: Array.isArray(list) ? list.flatMap((one: unknown) => parseAddress(recordOf(one))) : [],
    });
  }
  const ours: MachineRoute[] = [];
  const foreign: MachineRoute[] = [];
  for (const record of recordsOf(routes)) {
    const route = parseRoute(record);
    if (route === undefined) continue;
    (textOf(record['protocol']) === String(ROUTE_PROTOCOL) ? ours : foreign).push(route);
  }
  return { devices, routes: ours, foreignRoutes: foreign };
}

function parseAddress(record: Record<string, unknown>): InterfaceAddress[] {
  if (record['family'] === 'inet6' && record['scope'] === 'link') return [];
  return [{ address: IpAddress.parse(textOf(record['local'])), prefixLength: numberOf(record['prefixlen']) }];
}

/** A unicast route of the main table with one next hop; ip leaves out "unicast" and "main". */
function parseRoute(record: Record<string, unknown>): MachineRoute | undefined {
  if (record['type'] !== undefined || record['table'] !== undefined) return undefined;
  if (typeof record['dev'] !== 'string') return undefined;
  const via = typeof record['gateway'] === 'string' ? IpAddress.parse(record['gateway']) : undefined;
  // Only IPv6 routes have a preference (RFC 4191).
  const isIpv6 = via === undefined ? record['pref'] !== undefined : via.version === 6;
  return {
    to: destinationOf(textOf(record['dst']), isIpv6),
    dev: record['dev'],
    ...(via === undefined ? {} : { via }),
    metric: numberOf(record['metric']),
  };
}

function destinationOf(text: string, isIpv6: boolean): IpNetwork {
  if (text === 'default') return IpNetwork.parse(isIpv6 ? '::/0' : '0.0.0.0/0');
  return text.includes('/') ? IpNetwork.parse(text) : IpNetwork.ofHost(IpAddress.parse(text));
}
