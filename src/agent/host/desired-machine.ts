import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { routeTable } from '../../mib/route-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import {
  addressText,
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
    machineOf.set(row.vif, row.vmName);
    const lines = machines.get(row.vmName) ?? [];
    lines.push(`${row.vif} ${row.macAddress}`);
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
 * A machine as a configuration wants it. Addresses that no configuration of ours names stay, and so do routes
 * of others.
 */
export function desiredMachine(
  name: string,
  running: Configuration,
  target: Configuration,
  present: MachineState,
): MachineState {
  const devices = new Map<string, MachineDevice>();
  const routes: MachineRoute[] = [];
  const before = vifsOf(running, name);
  const after = vifsOf(target, name);
  for (const row of new Map([...before, ...after].map((one) => [one.macAddress, one])).values()) {
    const dev = guestDevice(row, present);
    const held = dev === undefined ? undefined : present.devices.get(dev);
    if (dev === undefined || held === undefined) continue;
    const ours = new Set(
      before.filter(isSameVif(row)).flatMap(({ vif }) => addressesOf(running, vif).map(addressText)),
    );
    const wanted = after.filter(isSameVif(row)).flatMap(({ vif }) => addressesOf(target, vif));
    const texts = new Set(wanted.map(addressText));
    const others = held.addresses.filter((address) => {
      const text = addressText(address);
      return !ours.has(text) && !texts.has(text);
    });
    devices.set(dev, {
      ...held,
      up: held.up || wanted.length > 0,
      addresses: [...others, ...wanted],
    });
    for (const { vif } of after.filter(isSameVif(row))) routes.push(...routesOf(target, vif, dev));
  }
  return { devices, routes, foreignRoutes: present.foreignRoutes };
}

const isSameVif =
  (row: VifRow) =>
  (other: VifRow): boolean =>
    other.macAddress === row.macAddress;

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
