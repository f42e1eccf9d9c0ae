import type { FilePosition } from '../../errors.js';
import type { Configuration } from '../../mib/configuration.js';
import type { HostComponent } from '../components/host-component.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { diffConfigurations } from '../../mib/diff-configurations.js';
import { diffItems, type ItemChange } from './diff-items.js';
import { isLinkItem } from './item.js';
import { itemsOf } from './items.js';
import { Names } from './names.js';

/** What would become of one host. */
export interface HostChanges {
  readonly host: string;
  /** How many rows of its agent would be written or removed. */
  readonly rows: number;
  readonly changes: readonly PlannedChange[];
  /** What sends and what receives, of each link that the host has or is to have. */
  readonly links: readonly LinkEnds[];
}

export type LinkEnds = readonly [sender: string, receiver: string];

/** One thing of a host that would change, and where the virtual file asks for it. */
export interface PlannedChange extends ItemChange {
  readonly at: FilePosition | undefined;
}

/** What is wanted of a host, and what its agent runs. */
export interface ComparedHost {
  readonly wanted: HostComponent;
  readonly observed: Configuration;
}

/** Compares what is wanted of hosts with what their agents run. */
export function planHosts(
  hosts: readonly ComparedHost[],
  virtual: VirtualEnvironment | undefined,
): HostChanges[] {
  // A machine that goes is known by name to its own host alone.
  const machines = new Map(hosts.flatMap(({ observed }) => [...Names.machinesOf(observed)]));
  return hosts.map(({ wanted, observed }) => {
    const { configuration } = wanted;
    const before = itemsOf(observed, new Names(virtual, observed, machines));
    const after = itemsOf(configuration, new Names(virtual, configuration));
    const links = new Map(
      [...before, ...after]
        .filter(isLinkItem)
        .map(({ key, sender, receiver }) => [key, [sender, receiver]] as const),
    );
    return {
      host: wanted.path,
      rows: diffConfigurations(observed, configuration).length,
      changes: diffItems(before, after).map((change) => ({
        ...change,
        at: wanted.componentOf(change.item.row)?.at,
      })),
      links: [...links.values()],
    };
  });
}
