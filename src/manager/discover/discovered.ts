import type { BridgeRow } from '../../mib/bridge-table.js';
import type { Backend } from '../../mib/host-scalars.js';
import type { VmRow } from '../../mib/vm/vm-table.js';
import type { ByteCount } from '../../units/byte-count.js';

/** What the agent of a host tells of it. */
export interface DiscoveredHost {
  /** As it was asked for, or as the agent calls itself. */
  readonly name: string;
  /** Where machines of this host live; undefined if the agent says nothing that is known. */
  readonly backend: Backend | undefined;
  /** What the hypervisor is and its version, in its own words. */
  readonly software: string;
  readonly version: string;
  /** In the order of their names. */
  readonly machines: readonly DiscoveredMachine[];
  readonly bridges: readonly DiscoveredBridge[];
}

/** A machine as its host knows it. */
export interface DiscoveredMachine {
  readonly name: string;
  /** In lower case; empty if it has none. */
  readonly uuid: string;
  /** What else it goes by. */
  readonly aliases: readonly string[];
  /** What runs in it, in the words of the hypervisor; may be empty. */
  readonly os: string;
  readonly state: VmRow['operState'];
  readonly memory?: ByteCount;
  readonly cpus?: number;
  /** In the order of their names and MAC addresses. */
  readonly vifs: readonly DiscoveredVif[];
}

/** An interface of a machine. */
export interface DiscoveredVif {
  /** At the host; empty if there is none at present. */
  readonly name: string;
  /** Of the machine's end; empty if that is not known. */
  readonly mac: string;
  /** Empty if it is at none. */
  readonly bridge: string;
  /** What keeps it from being managed, with what to do; empty: nothing. */
  readonly obstacle: string;
}

export interface DiscoveredBridge {
  readonly name: string;
  readonly kind: BridgeRow['kind'];
  /** The port that leads out of the host; empty if there is none. */
  readonly uplink: string;
  /** Further ones. */
  readonly otherUplinks: readonly string[];
}
