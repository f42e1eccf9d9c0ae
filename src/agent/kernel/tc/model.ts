import type { IpNetwork } from '../../../units/ip-network.js';

/** "NM": the handle of our root qdiscs, by which they are known as ours. */
export const ROOT = 0x4e4d;
/** The class that holds a vif's own rate. */
export const PARENT_CLASS = 1;
/** The class of all that no filter takes. */
export const DEFAULT_CLASS = 2;
export const FIRST_PEER_CLASS = 0x10;
export const LAST_PEER_CLASS = 0x3fff;
/** The tbf of class c has the handle TBF_HANDLES + c, its netem the handle c: both are below 0x8000. */
export const TBF_HANDLES = 0x4000;
/** The rate that stands for "no limit": far above what a line of these kernels carries. Bits per second. */
export const UNLIMITED = 100_000_000_000;

/** The priority of our only filter at the ingress, which tells that it is ours. */
export const REDIRECT_PRIORITY = 0x4e4d;

/** tc-tbf(8). */
export interface Tbf {
  /** Bits per second; the kernel keeps bytes, so multiples of 8. */
  readonly rate: number;
  /** Octets. */
  readonly burst: number;
  /** Octets that may wait, the burst included. */
  readonly limit: number;
}

/** tc-netem(8). What is left out is not emulated. */
export interface Netem {
  /** Microseconds, one way. */
  readonly latency: number;
  /** Packets. */
  readonly limit: number;
}

/** What happens to the packets of one class: the delay comes first, then the rate. */
export interface Leaf {
  readonly tbf?: Tbf;
  readonly netem?: Netem;
}

export interface TcFilter {
  /** Matches the source. */
  readonly network: IpNetwork;
  readonly classMinor: number;
  /** As read back, such as `800::801`; only a filter that was read back can be deleted. */
  readonly handle?: string;
}

/** What is wanted at one vif. */
export interface TcTree {
  readonly vif: string;
  /** All that the machine receives, in bit/s; {@link UNLIMITED} for no limit. */
  readonly parent: number;
  readonly default: Leaf;
  /** By class minor, from {@link FIRST_PEER_CLASS} to {@link LAST_PEER_CLASS}. */
  readonly classes: ReadonlyMap<number, Leaf>;
  readonly filters: readonly TcFilter[];
  /** All that the machine sends. */
  readonly tx?: Tbf;
}

export interface HtbClass {
  /** The minor of the class above; 0 is the root. */
  readonly parent: number;
  /** Bits per second. */
  readonly rate: number;
  readonly ceil: number;
}

export type LeafQdisc =
  | ({ readonly kind: 'tbf' } & Tbf)
  | ({ readonly kind: 'netem' } & Netem)
  /** Something that somebody put below our root. */
  | { readonly kind: 'unknown' };

/** A qdisc by where it hangs. */
export interface PlacedQdisc {
  /** A class minor of ours. */
  readonly classMinor: number;
  /** Whether it hangs below the netem of that class instead of at the class itself. */
  readonly belowNetem: boolean;
  readonly handle: number;
  readonly qdisc: LeafQdisc;
}

/** A filter at our root that netmgr never makes. */
export interface StrangeFilter {
  readonly protocol: string;
  readonly priority: number;
  /** Of a u32 filter, by which it can be deleted alone. */
  readonly handle?: string;
}

/**
 * What netmgr has in the kernel for one vif, whole or in part: each object by itself, so that the way from
 * any state to any other can be written.
 */
export interface TcDevice {
  readonly vif: string;
  /** Whether the root qdisc is ours. */
  readonly root: boolean;
  readonly classes: ReadonlyMap<number, HtbClass>;
  readonly qdiscs: readonly PlacedQdisc[];
  readonly filters: readonly TcFilter[];
  /** What others have put before our root's classes: it leads elsewhere what our filters would sort. */
  readonly strangeFilters?: readonly StrangeFilter[];
  /** Whether the vif has an ingress qdisc of ours. */
  readonly ingress: boolean;
  /** The handle of the filter that redirects to the IFB, or true where it is wanted. */
  readonly redirect: string | boolean;
  /** Whether that filter leads nowhere, because its IFB is gone: it takes all that the machine sends. */
  readonly isDead?: boolean;
  /** The root qdisc of the IFB. */
  readonly tx?: Tbf;
  /** What somebody else put there. */
  readonly foreign: readonly ForeignQdisc[];
}

/** A vif where netmgr has nothing. */
export function nothingAt(vif: string): TcDevice {
  return {
    ...{ vif, root: false, ingress: false, redirect: false },
    ...{ classes: new Map(), qdiscs: [], filters: [], foreign: [] },
  };
}

export interface ForeignQdisc {
  readonly kind: string;
  /** As tc prints it, such as `1:`. */
  readonly handle: string;
  readonly at: 'root' | 'ingress';
  /**
   * What makes a root qdisc again, as tc takes it behind the kind. Known only of one that may be replaced, or that is to
   * be put back.
   */
  readonly remake?: string;
}

/** By vif; a vif that is not there has nothing of ours. */
export type TcState = ReadonlyMap<string, TcDevice>;

/** Kernel counters of one class, or of what a machine sends. */
export interface TcCounters {
  readonly octets: bigint;
  readonly packets: bigint;
  readonly drops: bigint;
  readonly overlimits: bigint;
  readonly backlogOctets: number;
  readonly backlogPackets: number;
}

/** Of what has not carried anything, or is not there. */
export const NO_COUNTERS: TcCounters = {
  octets: 0n,
  packets: 0n,
  drops: 0n,
  overlimits: 0n,
  backlogOctets: 0,
  backlogPackets: 0,
};

export interface VifCounters {
  /** Of the whole tree. */
  readonly rx: TcCounters;
  /** By class minor. */
  readonly classes: ReadonlyMap<number, TcCounters>;
  readonly tx?: TcCounters;
}

/** What one reading of the kernel says. A vif that does not exist is in neither map. */
export interface TcReading {
  readonly devices: TcState;
  /** Of the vifs whose root is ours. */
  readonly counters: ReadonlyMap<string, VifCounters>;
}
