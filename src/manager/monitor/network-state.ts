import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { VifStateRow } from '../../mib/vif-state-table.js';
import type { HostFailure, HostStatus } from '../host-status.js';

/** What passed since the reading before. */
export interface Flowing {
  /** Bits per second. */
  readonly rate: number;
  /** Packets that were dropped, per second. */
  readonly drops: number;
}

/** What a vif says, and what passes it as its machine sees it; undefined until there are two readings. */
export interface VifNow {
  readonly host: string;
  readonly row: VifStateRow;
  /** `site1/vm1`; undefined if the machine is no node of the virtual environment, or none is given. */
  readonly node: string | undefined;
  readonly sends: Flowing | undefined;
  readonly receives: Flowing | undefined;
}

/** What a machine receives from a peer; undefined until there are two readings. */
export interface LinkNow {
  readonly host: string;
  readonly row: LinkStateRow;
  /** The nodes; undefined if the peer is no node, such as a whole network. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly flowing: Flowing | undefined;
}

/** What the hosts say of the network. */
export interface NetworkState {
  readonly time: Date;
  /** In the order of the real environment; a host that did not answer yet is not there. */
  readonly hosts: readonly (HostStatus | HostFailure)[];
  readonly vifs: readonly VifNow[];
  readonly links: readonly LinkNow[];
}
