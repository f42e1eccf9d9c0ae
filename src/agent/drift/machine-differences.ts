import type { Configuration } from '../../mib/configuration.js';
import { addrTable } from '../../mib/addr-table.js';
import { memberTable } from '../../mib/member-table.js';
import { vifTable } from '../../mib/vif-table.js';
import { groupBy } from '../../group-by.js';
import { guestDevice } from '../host/desired-machine.js';
import type { HostDifference } from '../host/examination.js';
import {
  addressText,
  routeKey,
  sameRoute,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from '../kernel/ip/machine.js';
import { differenceOf } from './difference.js';
import type { Drift } from './drift.js';

/**
 * What differs inside each of the machines that were looked into, by name; a machine without differences is there
 * with none.
 */
export function machineDifferences(
  running: Configuration,
  { reading, desired }: HostDifference,
  machines: Iterable<string>,
): Map<string, readonly Drift[]> {
  const rowsOf = groupBy(running.rows(vifTable), ({ vmName }) => vmName);
  const members = new Set(running.rows(memberTable).map(({ address }) => address));
  const addressesOf = groupBy(running.rows(addrTable), ({ vif }) => vif);
  return new Map(
    [...machines].map((name): [string, readonly Drift[]] => {
      const present = reading.state.machines.get(name);
      const wanted = desired.machines.get(name);
      const rows = rowsOf.get(name) ?? [];
      const [first] = rows;
      if (present === undefined || wanted === undefined) {
        const text = `the machine ${name} should be there, and cannot be reached`;
        return [name, first === undefined ? [] : [drift(first.vif, text, false)]];
      }
      const vifOf = new Map(rows.map((row) => [guestDevice(row, present), row.vif]));
      const strangers = rows
        .filter((row) => guestDevice(row, present) === undefined)
        .map(({ vif, macAddress }) =>
          drift(
            vif,
            `${name} should have an interface with the MAC address ${macAddress}, and has none`,
            false,
          ),
        );
      const own = new Set(
        rows.flatMap(({ vif }) => addressesOf.get(vif) ?? []).map(({ address }) => address),
      );
      const taken = [...present.devices].flatMap(([dev, { foreignAddresses }]) =>
        foreignAddresses
          .map(({ address }) => address.toString())
          .filter((address) => members.has(address) && !own.has(address))
          // It belongs to the machine, so it is not ours to remove.
          .map((address) =>
            drift(vifOf.get(dev) ?? '', `${name} has ${address} of another node at ${dev} by itself`, false),
          ),
      );
      return [name, [...strangers, ...taken, ...insideDifferences(name, present, wanted, vifOf)]];
    }),
  );
}

function drift(vif: string, text: string, repairable: boolean): Drift {
  return { what: 'machine', vif, text, repairable };
}

function insideDifferences(
  name: string,
  present: MachineState,
  wanted: MachineState,
  vifOf: ReadonlyMap<string | undefined, string>,
): Drift[] {
  const devices = [...wanted.devices].flatMap(([dev, device]) =>
    deviceWords(`${dev} of ${name}`, present.devices.get(dev), device).map((text) =>
      drift(vifOf.get(dev) ?? '', text, true),
    ),
  );
  const byKey = (routes: readonly MachineRoute[]): Map<string, MachineRoute> =>
    new Map(routes.map((route) => [routeKey(route), route]));
  const { missing, surplus, both } = differenceOf(byKey(present.routes), byKey(wanted.routes));
  const routes = [
    ...missing.map(([, route]) => [route, `${name} should have ${routeText(route)}, and has not`] as const),
    ...surplus.map(
      ([, route]) => [route, `${name} should not have ${routeText(route)}, and has it`] as const,
    ),
    ...both
      .filter(([, a, b]) => !sameRoute(a, b))
      .map(([, a, b]) => [b, `${name} should have ${routeText(b)}, and has ${routeText(a)}`] as const),
  ];
  const forwarding = ([4, 6] as const)
    .filter((version) => present.forwarding[version] !== wanted.forwarding[version])
    .map((version) => {
      const [should, is] = wanted.forwarding[version] ? ['should', 'does not'] : ['should not', 'does'];
      const [vif = ''] = [...vifOf.values()];
      return drift(vif, `${name} ${should} forward IPv${String(version)}, and ${is}`, true);
    });
  return [
    ...devices,
    ...forwarding,
    ...routes.map(([{ dev }, text]) => drift(vifOf.get(dev) ?? '', text, true)),
  ];
}

function deviceWords(name: string, held: MachineDevice | undefined, wanted: MachineDevice): string[] {
  const texts = (device: MachineDevice | undefined): Set<string> =>
    new Set(device?.addresses.map(addressText));
  const [has, wants] = [texts(held), texts(wanted)];
  return [
    ...(wanted.up && held?.up !== true ? [`${name} should be up, and is down`] : []),
    ...(held === undefined || held.mtu === wanted.mtu
      ? []
      : [`${name} should have the MTU ${String(wanted.mtu)}, and has ${String(held.mtu)}`]),
    ...[...wants].filter((text) => !has.has(text)).map((text) => `${name} should have ${text}, and has not`),
    ...[...has]
      .filter((text) => !wants.has(text))
      .map((text) => `${name} should not have ${text}, and has it`),
  ];
}

function routeText({ to, via, dev, metric }: MachineRoute): string {
  const way = via === undefined ? '' : ` via ${via.toString()}`;
  return `a route to ${to.toString()}${way} at ${dev}${metric === 0 ? '' : ` of metric ${String(metric)}`}`;
}
