import { expectInterfaceName } from '../names.js';
import {
  addressText,
  ROUTE_PROTOCOL,
  routeKey,
  sameRoute,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from './machine.js';

/**
 * The lines for `ip -n MACHINE -batch` that lead from one state to another; empty when nothing differs. Only
 * the devices of `to` are looked at, and only our routes; the addresses of a device in `to` are all that it
 * shall have. Taking the first IPv4 address of a network takes the others of that network and the routes that need
 * it (ip-address(8), promote_secondaries), so that what shall stay is written again after that.
 */
export function writeMachine(from: MachineState, to: MachineState): string {
  const lines: string[] = [];
  const renewed = new Set<string>();
  lines.push(...removedRoutes(from, to).map((route) => `route del ${routeText(route)}`));
  for (const [dev, wanted] of to.devices) {
    expectInterfaceName(dev);
    const held = from.devices.get(dev);
    if (wanted.up && held?.up !== true) lines.push(`link set dev ${dev} up`);
    const { added, removed } = differences(held, wanted);
    // IPv6 has an address once, whatever its prefix length.
    const replaced = removed.filter(
      ({ address }) => address.version === 6 && added.some((other) => other.address.equals(address)),
    );
    lines.push(...replaced.map((address) => `addr del ${addressText(address)} dev ${dev}`));
    lines.push(...added.map((address) => `addr add ${addressLine(address, dev)}`));
    lines.push(
      ...removed
        .filter((address) => !replaced.includes(address))
        .map((address) => `addr del ${addressText(address)} dev ${dev}`),
    );
    if (removed.some(({ address }) => address.version === 4)) {
      renewed.add(dev);
      lines.push(
        ...wanted.addresses
          .filter(({ address }) => address.version === 4)
          .map((address) => `addr replace ${addressLine(address, dev)}`),
      );
    }
  }
  lines.push(...addedRoutes(from, to, renewed).map((route) => `route replace ${routeText(route)}`));
  return lines.map((line) => `${line}\n`).join('');
}

function differences(
  held: MachineDevice | undefined,
  wanted: MachineDevice,
): { added: InterfaceAddress[]; removed: InterfaceAddress[] } {
  const before = new Set(held?.addresses.map(addressText));
  const after = new Set(wanted.addresses.map(addressText));
  return {
    added: wanted.addresses.filter((address) => !before.has(addressText(address))),
    // The kernel lists the first address of a network before those that go with it.
    removed: (held?.addresses ?? []).filter((address) => !after.has(addressText(address))).reverse(),
  };
}

/** Duplicate address detection would keep an IPv6 address out of use for a second, and the addresses are ours. */
function addressLine(address: InterfaceAddress, dev: string): string {
  return `${addressText(address)} dev ${dev}${address.address.version === 6 ? ' nodad' : ''}`;
}

function removedRoutes(from: MachineState, to: MachineState): MachineRoute[] {
  const wanted = new Set(to.routes.map(routeKey));
  return from.routes.filter((route) => !wanted.has(routeKey(route)));
}

/** Those on the link come first: the others' next hops are reached through them. */
function addedRoutes(from: MachineState, to: MachineState, renewed: ReadonlySet<string>): MachineRoute[] {
  const held = new Map(from.routes.map((route) => [routeKey(route), route]));
  return to.routes
    .filter((route) => {
      const before = held.get(routeKey(route));
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
