import { IpAddress, IpNetwork } from '../../../units/ip-network.js';
import { expectInterfaceName } from '../names.js';
import {
  ADDRESS_METRIC,
  addressText,
  heldText,
  networkText,
  ROUTE_PROTOCOL,
  routeKey,
  sameRoute,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from './machine.js';

/** Keeps a device from being without any IPv4 address for a moment, which no route would outlive (RFC 7600). */
const HOLDER = '192.0.0.8/32';

/**
 * The lines for `ip -batch` inside a machine that lead from one state to another; empty when nothing differs. Only
 * the devices of `to` are looked at, and only our addresses and routes: what of others stands where ours should be
 * stays.
 *
 * Taking the first IPv4 address of a network takes the others of that network and the routes that need it
 * (ip-address(8), promote_secondaries), and with the last one of a device all its IPv4 routes go: what shall stay is
 * written again after that, that of others too.
 */
export function writeMachine(from: MachineState, to: MachineState): string {
  const lines: string[] = [];
  const renewed = new Set<string>();
  lines.push(...removedRoutes(from, to).map((route) => `route del ${routeText(route)}`));
  for (const [dev, wanted] of to.devices) {
    const held = from.devices.get(dev);
    const written = writeDevice(dev, held, wanted);
    if (written.length === 0) continue;
    expectInterfaceName(dev);
    lines.push(...written);
    if (removedAddresses(held, wanted).some(isIpv4)) renewed.add(dev);
  }
  lines.push(...addedRoutes(from, to, renewed).map((route) => `route replace ${routeText(route)}`));
  return lines.map((line) => `${line}\n`).join('');
}

function writeDevice(dev: string, held: MachineDevice | undefined, wanted: MachineDevice): string[] {
  const lines: string[] = [];
  if (held !== undefined && held.mtu !== wanted.mtu)
    lines.push(`link set dev ${dev} mtu ${String(wanted.mtu)}`);
  if (wanted.up && held?.up !== true) lines.push(`link set dev ${dev} up`);
  const added = addedAddresses(held, wanted);
  const removed = removedAddresses(held, wanted);
  // IPv6 has an address once, whatever its prefix length.
  const replaced = removed.filter(
    ({ address }) => address.version === 6 && added.some((other) => other.address.equals(address)),
  );
  lines.push(...replaced.map((address) => `addr del ${addressText(address)} dev ${dev}`));
  lines.push(...added.map((address) => `addr add ${addressLine(address, dev)}`));
  const removals = removed
    .filter((address) => !replaced.includes(address))
    .map((address) => `addr del ${addressText(address)} dev ${dev}`);
  const gone = new Set(removed.filter(isIpv4).map(networkText));
  if (gone.size === 0) return [...lines, ...removals];
  const isSafe = (address: InterfaceAddress): boolean => isIpv4(address) && !gone.has(networkText(address));
  const others = held?.foreignAddresses.filter(isIpv4) ?? [];
  const ours = wanted.addresses.filter(isIpv4);
  const routes = held?.foreignRouteLines ?? [];
  const isBareAfter = others.length === 0 && ours.length === 0;
  const needsHolder =
    routes.length > 0 &&
    !isBareAfter &&
    !ours.some(isSafe) &&
    !others.some((address) => isSafe(address) || !address.secondary);
  return [
    ...lines,
    ...(needsHolder ? [`addr add ${HOLDER} dev ${dev} metric ${String(ADDRESS_METRIC)}`] : []),
    ...removals,
    ...others
      .filter((address) => address.secondary && !isSafe(address))
      .map((address) => `addr replace ${addressText(address)} dev ${dev} ${address.options}`),
    ...ours.map((address) => `addr replace ${addressLine(address, dev)}`),
    ...(needsHolder ? [`addr del ${HOLDER} dev ${dev}`] : []),
    ...(isBareAfter ? restorable(routes).map((line) => `route append ${line}`) : []),
  ];
}

/**
 * The routes of others that can be without any address: those on the link, and then those whose next hops are reached
 * through them. A next hop that only an address of ours had on the link cannot be reached when that is gone, and no
 * kernel takes such a route.
 */
function restorable(lines: readonly string[]): string[] {
  const hopsOf = (line: string): string[] => [...line.matchAll(/ via (\S+)/g)].map(([, hop = '']) => hop);
  const onLink = lines.filter((line) => hopsOf(line).length === 0);
  const networks = onLink.filter((line) => !line.includes(' table ')).flatMap(networkOf);
  const isReached = (line: string, hop: string): boolean =>
    line.includes(' onlink') ||
    // Another family's next hop needs no IPv4 address.
    !isIpv4Text(hop) ||
    networks.some((network) => network.contains(IpAddress.parse(hop)));
  const through = lines.filter((line) => hopsOf(line).length > 0);
  return [...onLink, ...through.filter((line) => hopsOf(line).every((hop) => isReached(line, hop)))];
}

const isIpv4Text = (text: string): boolean => /^[\d.]+$/.test(text);

/** Where a line of a route leads to; nothing for a type other than unicast, which leads nowhere. */
function networkOf(line: string): IpNetwork[] {
  const [to = ''] = line.split(' ');
  if (to === 'default') return [IpNetwork.parse('0.0.0.0/0')];
  if (!/^[\d.]+(\/\d+)?$/.test(to)) return [];
  return [to.includes('/') ? IpNetwork.parse(to) : IpNetwork.ofHost(IpAddress.parse(to))];
}

const isIpv4 = ({ address }: InterfaceAddress): boolean => address.version === 4;

/** What is missing, but for the addresses that somebody else holds in another form: IPv6 has each once. */
function addedAddresses(held: MachineDevice | undefined, wanted: MachineDevice): InterfaceAddress[] {
  const before = new Set(held?.addresses.map(addressText));
  const others = new Set(held?.foreignAddresses.map(heldText));
  return wanted.addresses.filter(
    (address) => !before.has(addressText(address)) && !others.has(heldText(address)),
  );
}

/** The kernel lists the first address of a network before those that go with it. */
function removedAddresses(held: MachineDevice | undefined, wanted: MachineDevice): InterfaceAddress[] {
  const after = new Set(wanted.addresses.map(addressText));
  return (held?.addresses ?? []).filter((address) => !after.has(addressText(address))).reverse();
}

/** Duplicate address detection would keep an IPv6 address out of use for a second, and the addresses are ours. */
function addressLine(address: InterfaceAddress, dev: string): string {
  const nodad = address.address.version === 6 ? ' nodad' : '';
  return `${addressText(address)} dev ${dev} metric ${String(ADDRESS_METRIC)}${nodad}`;
}

function removedRoutes(from: MachineState, to: MachineState): MachineRoute[] {
  const wanted = new Set(to.routes.map(routeKey));
  return from.routes.filter((route) => !wanted.has(routeKey(route)));
}

/**
 * Those on the link come first: the others' next hops are reached through them. A route of somebody else with the
 * same destination and metric stays: the kernel would take it for the same one and replace it.
 */
function addedRoutes(from: MachineState, to: MachineState, renewed: ReadonlySet<string>): MachineRoute[] {
  const held = new Map(from.routes.map((route) => [routeKey(route), route]));
  const others = new Set(from.foreignRoutes.map(routeKey));
  return to.routes
    .filter((route) => {
      const before = held.get(routeKey(route));
      if (others.has(routeKey(route))) return false;
      const isLost = route.to.version === 4 && renewed.has(route.dev);
      return isLost || before === undefined || !sameRoute(before, route);
    })
    .sort((a, b) => Number(a.via !== undefined) - Number(b.via !== undefined));
}

function routeText({ to, via, dev, metric }: MachineRoute): string {
  return [
    to.toString(),
    ...(via === undefined ? [] : ['via', via.toString()]),
    'dev',
    expectInterfaceName(dev),
    'proto',
    String(ROUTE_PROTOCOL),
    ...(metric === 0 ? [] : ['metric', String(metric)]),
  ].join(' ');
}
