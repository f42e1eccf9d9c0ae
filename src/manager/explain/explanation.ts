import type { FilePosition } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { VifStateRow } from '../../mib/vif-state-table.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { latencyOf, limitOf, lossOf, type Decision, type Leg, type Packet } from '../merge/wanted-network.js';
import type { HostInspection } from '../verify/inspect-host.js';
import type { Decided } from './deciding-rule.js';
import type { KernelRule } from './kernel-rule.js';
import type { ProbeTrace } from './trace.js';

/** Something of a file, in its words. */
export interface Source {
  readonly words: string;
  readonly at: FilePosition | undefined;
}

/** What a host on the way does with the packet, and with what answers it. */
export interface HostExplanation {
  readonly inspection: HostInspection;
  /** What its kernel's rules decide; undefined if it could not be asked. */
  readonly there: Decided | undefined;
  readonly back: Decided | undefined;
  /** Whether a rule may match the packet, or what answers it. */
  readonly mayMatch: (rule: KernelRule) => boolean;
  /** Chains of nftables of others that the kernel calls besides, of which no rules are read. */
  readonly otherHooks: readonly KernelRule[];
  /** The names of the sites whose sets the rules name, by the names of these sets. */
  readonly sets: ReadonlyMap<string, string>;
}

/** What happens to packets between two nodes that no third one is between. */
export interface LegExplanation {
  readonly leg: Leg;
  /** The links of the file that say it, the most specific last. */
  readonly sources: readonly Source[];
  /** What is in force where it arrives, as far as the agent there answers. */
  readonly link: LinkStateRow | undefined;
  readonly vif: VifStateRow | undefined;
}

/** What was measured last, and how many seconds ago. */
export interface Measured {
  readonly value: number;
  readonly age: number;
}

/** Whether a packet may pass from one node to another, why, and what happens to it. */
export interface Explanation {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly source: IpAddress;
  readonly target: IpAddress;
  readonly packet: Packet;
  readonly decision: Decision;
  /** What of the file decides; undefined where it says nothing. */
  readonly decidedBy: Source | undefined;
  /** In the order of the way. */
  readonly hosts: readonly HostExplanation[];
  readonly there: readonly LegExplanation[];
  readonly back: readonly LegExplanation[];
  readonly measured: {
    /** Microseconds there and back. */
    readonly rtt: Measured | undefined;
    /** kbit/s of data. */
    readonly there: Measured | undefined;
    readonly back: Measured | undefined;
  };
  readonly probe: ProbeTrace | undefined;
}

/** What is to be expected of the way, from the files. */
export interface Expected {
  /** Microseconds there and back, beside what machines and hosts take. */
  readonly rtt: number;
  /** The share of packets that are lost there and back, from 0 to 1. */
  readonly loss: number;
  /** Bits per second that the narrowest of links and lines carries; undefined where nothing limits it. */
  readonly there: number | undefined;
  readonly back: number | undefined;
}

export function expectedOf({ there, back }: Explanation): Expected {
  const [forth, home] = [there.map(({ leg }) => leg), back.map(({ leg }) => leg)];
  return {
    rtt: latencyOf([...forth, ...home]).microseconds,
    loss: lossOf([...forth, ...home]),
    there: limitOf(forth)?.bandwidth,
    back: limitOf(home)?.bandwidth,
  };
}

/** Whether something should come back: it may pass, and no link on the way is cut. */
export function isAnswerExpected({ decision, there, back }: Explanation): boolean {
  return decision.passes && lossOf([...there, ...back].map(({ leg }) => leg)) < 1;
}
