import type { IpNetwork } from '../../../units/ip-network.js';

/** "NM": the handle of our root qdiscs, by which they are known as ours. */
export const ROOT = 0x4e4d;
/** The class that holds a vif's own rate. */
export const PARENT_CLASS = 1;
/** The class of all that no filter takes. */
export const DEFAULT_CLASS = 2;
export const FIRST_PEER_CLASS = 0x10;
export const LAST_PEER_CLASS = 0x3fff;
/** Class c has its netem at the handle c, its tbf at TBF_HANDLES + c, and what splits before it at SPLITTER_HANDLES + c. */
export const TBF_HANDLES = 0x4000;
export const SPLITTER_HANDLES = 0x8000;
/** The rate that stands for "no limit": far above what a line of these kernels carries. Bits per second. */
export const UNLIMITED = 100_000_000_000;

/** The priority of all filters at our root. */
export const FILTER_PRIORITY = 100;
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
  /** Whether super-packets (GSO) of more than a quarter of the burst are cut into their packets. */
  readonly splits?: true;
  /** Whether a frame takes the time that it takes on an Ethernet wire (IEEE 802.3), not that of its octets alone. */
  readonly wire?: true;
}

/** The two ways of netem to lose packets: each by itself, or by a chain of two states. Shares are parts per million. */
export type Loss =
  | {
      readonly model: 'random';
      readonly share: number;
      /** That of netem, which is never asked for: read where somebody else has set it. */
      readonly correlation?: number;
    }
  /** Gilbert-Elliott: p leads from the good state to the bad one and r back; each state has its share. */
  | {
      readonly model: 'gemodel';
      readonly p: number;
      readonly r: number;
      /** Lost in the bad state: 1-h of tc-netem(8). */
      readonly bad: number;
      /** Lost in the good state: 1-k of tc-netem(8). */
      readonly good: number;
    };

export type Distribution = 'uniform' | 'normal' | 'pareto' | 'paretonormal';

/** How the delay varies. */
export interface Jitter {
  /** Microseconds. */
  readonly jitter: number;
  readonly distribution: Distribution;
  /** As that of a loss. */
  readonly correlation?: number;
  /** Whether a packet that is delayed less overtakes others. */
  readonly reorders: boolean;
}

/** tc-netem(8). What is left out is not emulated; shares are parts per million. */
export interface Netem {
  /** Microseconds, one way. */
  readonly latency: number;
  readonly jitter?: Jitter;
  readonly loss?: Loss;
  readonly duplicate?: number;
  /** Of the packets at every gap, that many go ahead without the delay. */
  readonly reorder?: { readonly share: number; readonly gap: number };
  readonly corrupt?: number;
  /** Packets. */
  readonly limit: number;
}

/** Makes packets of what the kernel keeps together (GSO), so that each has its own fate: tc-tbf(8), peakrate and mtu. */
export interface Splitter {
  /** Octets of the longest packet that stays whole. */
  readonly longest: number;
}

/** What happens to the packets of one class: they are split, then comes the delay, then the rate. */
export interface Leaf {
  readonly splitter?: Splitter;
  readonly tbf?: Tbf;
  readonly netem?: Netem;
}

export interface TcFilter {
  /** Matches the source. */
  readonly network: IpNetwork;
  readonly classMinor: number;
  /** As read back, such as `100:2a:800`; only a filter that was read back can be deleted. */
  readonly handle?: string;
}

/** What is wanted at one vif. */
export interface TcTree {
  readonly vif: string;
  /** All that the machine receives, in bit/s; {@link UNLIMITED} for no limit. */
  readonly parent: number;
  /** As of a tbf. */
  readonly wire?: true;
  readonly default: Leaf;
  /** By class minor, from {@link FIRST_PEER_CLASS} to {@link LAST_PEER_CLASS}. */
  readonly classes: ReadonlyMap<number, Leaf>;
  readonly filters: readonly TcFilter[];
  /** All that the machine sends. */
  readonly tx?: Tbf;
  /** Whether what the machine sends is copied as it comes in, so that the machine has its memory back: see {@link TcDevice.copies}. */
  readonly copies?: true;
}

export interface HtbClass {
  /** The minor of the class above; 0 is the root. */
  readonly parent: number;
  /** Bits per second. */
  readonly rate: number;
  readonly ceil: number;
  /** As of a tbf. */
  readonly wire?: true;
}

export type LeafQdisc =
  | ({ readonly kind: 'tbf' } & Tbf)
  | ({ readonly kind: 'splitter' } & Splitter)
  | ({ readonly kind: 'netem' } & Netem)
  /** Something that somebody put below our root. */
  | { readonly kind: 'unknown' };

/** A qdisc by where it hangs. */
export interface PlacedQdisc {
  /** A class minor of ours. */
  readonly classMinor: number;
  /** The handle of the qdisc that it hangs below; 0: at the class itself. */
  readonly below: number;
  readonly handle: number;
  readonly qdisc: LeafQdisc;
}

/** The tables by which a packet comes to its filter, by their numbers: see {@link HashTable}. */
export interface FilterHash {
  readonly tables: ReadonlySet<number>;
  /** The tables that are linked where they should be. */
  readonly links: ReadonlySet<number>;
  /** Whether something of somebody else has the place of a table or link, so that all must be made anew. */
  readonly isTangled?: true;
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
  /** Undefined: there is no filter. Of what is there, tables without filters may be left. */
  readonly hash?: FilterHash;
  /** What others have put before our root's classes: it leads elsewhere what our filters would sort. */
  readonly strangeFilters?: readonly StrangeFilter[];
  /** Whether the vif has an ingress qdisc of ours. */
  readonly ingress: boolean;
  /** The handle of the filter that redirects to the IFB, or true where it is wanted. */
  readonly redirect: string | boolean;
  /**
   * Whether that filter leads somewhere else: nowhere, because its IFB is gone, so that it takes all that the machine sends;
   * or to the IFB of another vif.
   */
  readonly astray?: 'nowhere' | 'elsewhere';
  /**
   * Whether that filter, or one in its place, has a copy made for the `SINK`. Before a frame is cloned the kernel copies what
   * it has of others' memory (skb_orphan_frags), so that all that follows works on a frame of its own.
   */
  readonly copies?: true;
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
