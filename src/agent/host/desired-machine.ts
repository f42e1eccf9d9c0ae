import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { routeTable } from '../../mib/route-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import type { KeptMachine } from './kept-originals.js';
import {
  addressText,
  heldText,
  routeKey,
  sameRoute,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from '../kernel/ip/machine.js';

/** The machines for which the two configurations differ: whose insides a commit must look at. */
export function changedMachines(running: Configuration, target: Configuration): Set<string> {
  const before = insides(running);
  const after = insides(target);
  return new Set([...before.keys(), ...after.keys()].filter((name) => before.get(name) !== after.get(name)));
}

/** What a configuration says of the inside of each machine, as text to compare. */
function insides(configuration: Configuration): Map<string, string> {
  const machines = new Map<string, string[]>();
  const machineOf = new Map<string, string>();
  for (const row of configuration.rows(vifTable)) {
    // What a guest sets by itself is not looked at.
    if (row.addressing === 'guest') continue;
    machineOf.set(row.vif, row.vmName);
    const lines = machines.get(row.vmName) ?? [];
    lines.push([row.vif, row.macAddress, row.mtu, row.forwarding].join(' '));
    machines.set(row.vmName, lines);
  }
  for (const table of [addrTable, routeTable]) {
    for (const row of configuration.rows(table)) {
      machines.get(machineOf.get(row.vif) ?? '')?.push(JSON.stringify(row));
    }
  }
  return new Map([...machines].map(([name, lines]) => [name, lines.join('\n')]));
}

/** The interface inside a machine that a vif leads to: it has the MAC address of the vif's row. */
export function guestDevice(row: VifRow, machine: MachineState): string | undefined {
  return [...machine.devices].find(([, { mac }]) => mac === row.macAddress)?.[0];
}

/**
 * A machine as a configuration wants it. Addresses and routes of others stay, and count where they are what is
 * wanted; all that bears our mark and is not wanted goes, on whatever interface it is.
 */
export function desiredMachine(
  name: string,
  target: Configuration,
  present: MachineState,
  kept?: KeptMachine,
): MachineState {
  const rows = vifsOf(target, name);
  const vifs = new Map(
    rows.flatMap((row) => {
      const dev = guestDevice(row, present);
      return dev === undefined ? [] : [[dev, row.vif] as const];
    }),
  );
  const keptMtus = new Map(kept?.mtus.map(({ dev, mtu }) => [dev, mtu]));
  const mtuOf = (dev: string): number | undefined => {
    const mtu = rows.find((row) => row.vif === vifs.get(dev))?.mtu;
    return mtu === undefined || mtu === 0 ? keptMtus.get(dev) : mtu;
  };
  const devices = new Map(
    [...present.devices].map(([dev, held]): [string, MachineDevice] => {
      const vif = vifs.get(dev);
      const wanted = vif === undefined ? [] : addressesOf(target, vif);
      const others = new Set(held.foreignAddresses.map(addressText));
      return [
        dev,
        {
          ...held,
          up: held.up || wanted.length > 0,
          mtu: mtuOf(dev) ?? held.mtu,
          addresses: wanted.filter((address) => !others.has(addressText(address))),
        },
      ];
    }),
  );
  const routes = [...vifs]
    .flatMap(([dev, vif]) => routesOf(target, vif, dev))
    .filter((route) => !present.foreignRoutes.some((other) => sameRoute(route, other)));
  const forwarders = [...vifs].filter(([, vif]) =>
    rows.some((row) => row.vif === vif && row.forwarding !== 'nothing'),
  );
  const rest = { devices, routes, foreignRoutes: present.foreignRoutes };
  const before = kept?.forwarding ?? present.forwarding;
  if (forwarders.length > 0) {
    const versions = new Set(
      forwarders.flatMap(([, vif]) => addressesOf(target, vif)).map(({ address }) => address.version),
    );
    const forwarding = { 4: before[4] || versions.has(4), 6: before[6] || versions.has(6) };
    // A shorter way than through it is none that is open; and what nobody hears counts against other messages.
    const names = ['all', ...forwarders.map(([dev]) => dev)];
    return { ...rest, forwarding, redirects: Object.fromEntries(names.map((name) => [name, false])) };
  }
  const redirects = kept?.redirects;
  return { ...rest, forwarding: before, ...(redirects === undefined ? {} : { redirects }) };
}

/** What a machine has of its own where one of its vifs shall have something else, in words. */
export function guestConflicts(target: Configuration, row: VifRow, machine: MachineState): string[] {
  const dev = guestDevice(row, machine);
  const held = dev === undefined ? undefined : machine.devices.get(dev);
  if (dev === undefined || held === undefined) return [];
  const { routes, devices } = desiredMachine(row.vmName, target, machine);
  const others = new Map(held.foreignAddresses.map((address) => [heldText(address), address]));
  const addresses = (devices.get(dev)?.addresses ?? []).flatMap((wanted) => {
    const other = others.get(heldText(wanted));
    return other === undefined
      ? []
      : `${row.vmName} has ${addressText(other)} at ${dev} by itself, so it cannot get ${addressText(wanted)}; remove it with: ip -n ${row.vmName} addr del ${addressText(other)} dev ${dev}`;
  });
  const foreign = new Map(machine.foreignRoutes.map((route) => [routeKey(route), route]));
  const ways = routes.flatMap((wanted) => {
    const other = wanted.dev === dev ? foreign.get(routeKey(wanted)) : undefined;
    return other === undefined
      ? []
      : `${row.vmName} has a route of its own to ${other.to.toString()}${other.via === undefined ? '' : ` via ${other.via.toString()}`} at ${other.dev} with the same metric; remove it, or give the route another metric`;
  });
  return [...addresses, ...ways];
}

function vifsOf(configuration: Configuration, machine: string): VifRow[] {
  return configuration.rows(vifTable).filter(({ vmName }) => vmName === machine);
}

function addressesOf(configuration: Configuration, vif: string): InterfaceAddress[] {
  return configuration
    .rows(addrTable)
    .filter((row) => row.vif === vif)
    .map(({ address, prefixLength }) => ({ address: IpAddress.parse(address), prefixLength }));
}

function routesOf(configuration: Configuration, vif: string, dev: string): MachineRoute[] {
  return configuration
    .rows(routeTable)
    .filter((row) => row.vif === vif)
    .map(({ destination, prefixLength, nextHop, metric }) => ({
      to: IpNetwork.of(IpAddress.parse(destination), prefixLength),
      dev,
      ...(nextHop === '' ? {} : { via: IpAddress.parse(nextHop) }),
      metric,
    }));
}
