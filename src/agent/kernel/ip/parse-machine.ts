import { IpAddress, IpNetwork } from '../../../units/ip-network.js';
import { numberOf, recordsOf, recordOf, textOf } from '../printed.js';
import {
  ADDRESS_METRIC,
  ROUTE_PROTOCOL,
  type ForeignAddress,
  type Forwarding,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from './machine.js';
import { devicesOf, isSafe, printedRouteLine } from './printed-route.js';

/** The lines that {@link parseMachine} reads the answers of. */
export const MACHINE_LINES = 'addr show\nroute show table all\nnetconf show\n';

const FOREVER = 0xffffffff;

/** Reads the output of `ip -j -batch` for {@link MACHINE_LINES}: three JSON arrays. @throws SyntaxError. */
export function parseMachine(output: string): MachineState {
  const [addresses = '[]', routes = '[]', settings = '[]'] = output
    .split('\n')
    .filter((line) => line.startsWith('['));
  const ours: MachineRoute[] = [];
  const foreign: MachineRoute[] = [];
  const lines = new Map<string, string[]>();
  for (const record of recordsOf(routes)) {
    const isOurs = textOf(record['protocol']) === String(ROUTE_PROTOCOL);
    const route = parseRoute(record);
    if (route !== undefined) (isOurs ? ours : foreign).push(route);
    const line = isOurs ? undefined : printedRouteLine(record);
    if (line === undefined) continue;
    for (const dev of devicesOf(record)) {
      const known = lines.get(dev);
      if (known === undefined) lines.set(dev, [line]);
      else known.push(line);
    }
  }
  const devices = new Map<string, MachineDevice>();
  for (const record of recordsOf(addresses)) {
    const flags = record['flags'];
    const list: unknown = record['addr_info'];
    const infos = Array.isArray(list) ? list.map(recordOf) : [];
    const name = textOf(record['ifname']);
    devices.set(name, {
      up: Array.isArray(flags) && flags.includes('UP'),
      mac: textOf(record['address']),
      mtu: numberOf(record['mtu']),
      addresses: infos.filter(isOurAddress).map(parseAddress),
      foreignAddresses: infos.filter((info) => !isOurAddress(info) && !isLinkLocal(info)).map(parseForeign),
      foreignRouteLines: lines.get(name) ?? [],
    });
  }
  return { devices, routes: ours, foreignRoutes: foreign, forwarding: parseForwarding(settings) };
}

/** From what ip-netconf(8) says of all interfaces. */
function parseForwarding(settings: string): Forwarding {
  const forwards = (family: string): boolean =>
    recordsOf(settings).some(
      (record) =>
        textOf(record['interface']) === 'all' && record['family'] === family && record['forwarding'] === true,
    );
  return { 4: forwards('inet'), 6: forwards('inet6') };
}

const isOurAddress = (info: Record<string, unknown>): boolean => info['metric'] === ADDRESS_METRIC;

const isLinkLocal = (info: Record<string, unknown>): boolean =>
  info['family'] === 'inet6' && info['scope'] === 'link';

function parseAddress(info: Record<string, unknown>): InterfaceAddress {
  return { address: IpAddress.parse(textOf(info['local'])), prefixLength: numberOf(info['prefixlen']) };
}

function parseForeign(info: Record<string, unknown>): ForeignAddress {
  const { address: peer, broadcast, scope, label, metric } = info;
  const life = (key: string): string[] => {
    const seconds = info[`${key}_life_time`];
    return typeof seconds !== 'number' || seconds === FOREVER ? [] : [`${key}_lft`, String(seconds)];
  };
  const options = [
    ...(typeof peer === 'string' ? ['peer', `${peer}/${String(numberOf(info['prefixlen']))}`] : []),
    ...(typeof broadcast === 'string' ? ['brd', broadcast] : []),
    ...(typeof scope === 'string' ? ['scope', scope] : []),
    ...(typeof label === 'string' && isSafe(label) ? ['label', label] : []),
    ...(typeof metric === 'number' ? ['metric', String(metric)] : []),
    ...(info['noprefixroute'] === true ? ['noprefixroute'] : []),
    ...life('valid'),
    ...life('preferred'),
  ];
  return { ...parseAddress(info), secondary: info['secondary'] === true, options: options.join(' ') };
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
