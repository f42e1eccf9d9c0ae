import type { IpAddress } from '../../../units/ip-network.js';
import type { MacAddress } from '../../../units/mac-address.js';

/** A vif of this host, as the bridge has to know it. */
export interface BridgeVif {
  readonly vif: string;
  readonly mac?: MacAddress;
  /** Whether the machine may send with its own addresses only; wants a MAC. */
  readonly guard: boolean;
  /** The machine's addresses; the link-local one of its MAC is added. */
  readonly addresses: readonly IpAddress[];
  /** The site whose frames it receives; without one it receives whatever comes. */
  readonly site?: number;
  readonly role: 'node' | 'proxy';
  /** What the machine forwards that is not addressed to it: between sites, or for the outside world too. */
  readonly forwarding: 'nothing' | 'sites' | 'outside';
}

/** A set or a map, its elements as nft prints them. */
export interface NftSet {
  readonly kind: 'set' | 'map';
  readonly type: string;
  readonly interval: boolean;
  readonly elements: ReadonlySet<string>;
}

/** The table `bridge netmgr`: rules are the text that nft prints for them, without counts. */
export interface NftTable {
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
}

/** Frames that the table dropped since it was last written. */
export interface NftDrops {
  /** Sent by a guarded vif with an address that is not its own. */
  readonly guard: bigint;
  /** Not delivered to a vif of another site. */
  readonly flood: bigint;
}

export interface NftReading {
  /** Undefined if there is no table of ours. */
  readonly table: NftTable | undefined;
  readonly drops: NftDrops;
}
