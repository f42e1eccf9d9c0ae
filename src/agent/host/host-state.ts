import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import type { Link } from '../kernel/ip/links.js';
import type { MachineState } from '../kernel/ip/machine.js';
import type { IpSetState } from '../kernel/ipset/model.js';
import type { IptablesState } from '../kernel/iptables/model.js';
import type { NftTable } from '../kernel/nft/model.js';
import type { OverlayState } from '../kernel/overlay/model.js';
import type { TcReading, TcState } from '../kernel/tc/model.js';

/** What the kernel says of interfaces and their qdiscs. */
export interface KernelReading {
  /** By name. */
  readonly links: ReadonlyMap<string, Link>;
  readonly tc: TcReading;
}

/** What netmgr has, or wants to have, on a host. */
export interface HostState {
  readonly tc: TcState;
  /** The vifs that have an IFB of ours. */
  readonly ifbs: ReadonlySet<string>;
  readonly overlays: OverlayState;
  readonly ipsets: IpSetState;
  readonly iptables: Readonly<Record<4 | 6, IptablesState>>;
  readonly nft: NftTable | undefined;
  /** Undefined: the kernel has no br_netfilter. */
  readonly bridgeNetfilter: BridgeNetfilter | undefined;
  /** The machines that a commit touches. */
  readonly machines: ReadonlyMap<string, MachineState>;
}

/** One reading of all that a commit may touch. */
export interface HostReading extends KernelReading {
  readonly state: HostState;
  /** The host's own, of both IP versions. */
  readonly addresses: ReadonlySet<string>;
}
