import { addrTable } from '../../mib/addr-table.js';
import { Configuration } from '../../mib/configuration.js';
import { linkTable } from '../../mib/link-table.js';
import { overlayMachineTable } from '../../mib/overlay-machine-table.js';
import { routeTable } from '../../mib/route-table.js';
import { configTables } from '../../mib/tables.js';
import type { TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';
import type { AwayVif, LocatedVifs, Place } from './locate-vifs.js';

/** The tables whose rows belong to a vif. */
const OF_VIFS: readonly TableDefinition[] = [vifTable, addrTable, routeTable, linkTable];

/** Which interfaces of the host the vifs of a configuration are at one moment. Rooms below this one know interfaces alone. */
export class Binding {
  readonly away: readonly AwayVif[];
  readonly #places: ReadonlyMap<string, Place>;
  readonly #vifs: ReadonlyMap<string, string>;
  readonly #vmNames: ReadonlyMap<string, string>;
  readonly #machines: ReadonlyMap<string, string>;
  /** Of the machines that are here. */
  readonly #macs: ReadonlySet<string>;
  readonly #isIdentity: boolean;

  constructor(configuration: Configuration, { places, away }: LocatedVifs) {
    const rows = configuration
      .rows(vifTable)
      .map(({ vif, vmName, macAddress }) => ({ vif, vmName, macAddress, place: places.get(vif) }));
    const here = rows.flatMap(({ place, ...row }) => (place === undefined ? [] : [{ ...row, ...place }]));
    const moved = here.filter(({ vif, device }) => vif !== device);
    const vifs = new Set(rows.map(({ vif }) => vif));
    // Of more than this configuration it may have been asked where it is.
    this.away = away.filter(({ row }) => vifs.has(row.vif));
    this.#places = places;
    this.#vifs = new Map(here.map(({ vif, device }) => [device, vif]));
    this.#machines = new Map(here.map(({ vmName, machine }) => [vmName, machine]));
    this.#vmNames = new Map(here.map(({ vmName, machine }) => [machine, vmName]));
    this.#macs = new Set(here.filter(({ isGone }) => isGone !== true).map(({ macAddress }) => macAddress));
    this.#isIdentity = this.away.length === 0 && moved.length === 0;
  }

  /** Equal if two bindings bind the vifs of a configuration alike; empty if each is the interface of its name. */
  keyOf(configuration: Configuration): string {
    const moved = configuration.rows(vifTable).flatMap(({ vif }) => {
      const device = this.deviceOf(vif) ?? '';
      return device === vif ? [] : [`${vif} ${device}`];
    });
    return moved.join('\n');
  }

  /** The vifs of a configuration that are here, and the interfaces that they are. */
  devicesOf(configuration: Configuration): ReadonlyMap<string, string> {
    return new Map(
      configuration.rows(vifTable).flatMap(({ vif }) => {
        const device = this.deviceOf(vif);
        return device === undefined ? [] : [[vif, device] as const];
      }),
    );
  }

  /** The interface that a vif is; undefined if it is not here. */
  deviceOf(vif: string): string | undefined {
    return this.#places.get(vif)?.device;
  }

  /** The vif that an interface is; an interface that is none keeps its name. */
  vifOf(device: string): string {
    return this.#vifs.get(device) ?? device;
  }

  /** By which the driver knows a machine. */
  machineOf(vmName: string): string {
    return this.#machines.get(vmName) ?? vmName;
  }

  /** The name in the configuration of a machine that the driver knows. */
  vmNameOf(machine: string): string {
    return this.#vmNames.get(machine) ?? machine;
  }

  /** Whether a machine is here that the configuration has behind an overlay, as it was before it moved. */
  #hasArrived(configuration: Configuration): boolean {
    return configuration.rows(overlayMachineTable).some(({ mac }) => this.#macs.has(mac));
  }

  /**
   * The configuration with interfaces in place of vifs, without what belongs to vifs that are not here, and without those machines
   * behind overlays that are here.
   */
  bind(configuration: Configuration): Configuration {
    if (this.#isIdentity && !this.#hasArrived(configuration)) return configuration;
    const bound = new Configuration();
    for (const table of configTables) {
      const isOfVifs = OF_VIFS.includes(table);
      for (const { row } of configuration.entries(table)) {
        if (!isOfVifs) {
          if (table !== overlayMachineTable || !this.#macs.has(String(row['mac']))) bound.set(table, row);
          continue;
        }
        const device = this.deviceOf(String(row['vif']));
        if (device !== undefined) bound.set(table, { ...row, vif: device });
      }
    }
    return bound;
  }
}
