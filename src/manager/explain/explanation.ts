import type { FilePosition } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { VifStateRow } from '../../mib/vif-state-table.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { latencyOf, limitOf, lossOf, type Decision, type Leg, type Packet } from '../merge/wanted-network.js';
import { isAsWanted, type HostInspection } from '../verify/inspect-host.js';
import type { Decided } from './deciding-rule.js';
import type { Loss, ProbeTrace } from './trace.js';

/** Something of a file, in its words. */
export interface Source {
  readonly words: string;
  readonly at: FilePosition | undefined;
}

/** What a host on the way does with the packet, and with what answers it. */
export interface HostExplanation {
  readonly inspection: HostInspection;
  /** The rules of its kernel that decide; undefined where none of netmgr's does, or where it could not be asked. */
  readonly there: Decided | undefined;
  readonly back: Decided | undefined;
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

/** What is otherwise than the files say, in sentences; nothing if all agrees. */
export function contradictions(explanation: Explanation): string[] {
  const { hosts, there, back, probe } = explanation;
  return [
    ...hosts.flatMap((host) => [
      ...hostWords(host.inspection),
      ...(isAsked(host.inspection) ? verdictWords(explanation, host) : []),
    ]),
    ...[...there, ...back].flatMap(({ leg, link }) =>
      link === undefined || link.oper === 'applied'
        ? []
        : [`what ${leg.to.node.vm} receives from ${link.peerName} is ${link.oper}, not applied`],
    ),
    ...(probe === undefined ? [] : probeWords(explanation, probe)),
  ];
}

const isAsked = ({ errors }: HostInspection): boolean => errors.length === 0;

function hostWords(inspection: HostInspection): string[] {
  if (isAsked(inspection) && isAsWanted(inspection)) return [];
  const { host, runsWanted, drift, errors } = inspection;
  return [
    ...errors.map(({ message }) => `${host}: ${message}`),
    ...(runsWanted === false ? [`${host} runs something else than the files want: apply them first`] : []),
    ...drift.map(({ text }) => `${host}: ${text}`),
  ];
}

/** Where the kernel decides otherwise than the file. */
function verdictWords(
  { decision }: Explanation,
  { inspection: { host }, there, back }: HostExplanation,
): string[] {
  if (there === undefined || (decision.passes && back === undefined)) {
    return [`no rule of netmgr decides on ${host}`];
  }
  if (there.verdict === 'unknown' || (decision.passes && back?.verdict === 'unknown')) {
    return [`${host} has a rule among netmgr's that is none of them`];
  }
  const passes = there.verdict === 'accept';
  return [
    ...(passes === decision.passes
      ? []
      : [`${host} ${passes ? 'lets it pass' : 'drops it'}, and should not`]),
    ...(decision.passes && back?.verdict === 'drop' ? [`${host} drops what answers, and should not`] : []),
  ];
}

function probeWords(explanation: Explanation, probe: ProbeTrace): string[] {
  const { decision, packet } = explanation;
  const isExpected = isAnswerExpected(explanation);
  const place = probe.lost?.place;
  switch (probe.outcome) {
    case 'answered':
      return isExpected ? [] : ['it was answered, and should not be'];
    case 'failed':
      return [`it could not be probed: ${probe.message}`];
    case 'unsendable':
      return isExpected ? [`it could not be sent: ${probe.message}`] : [];
    case 'silent':
      break;
  }
  const isDelivered = place === 'receiver' || place === 'back';
  if (!decision.passes) return isDelivered ? ['it was let through, and should not be'] : [];
  if (!isExpected || isLossAsked(explanation, place)) return [];
  // Who listens there may have nothing to say.
  const isHeard = packet.protocol === 'udp' && place !== 'rule' && place !== 'sender' && place !== 'between';
  return isHeard ? [] : ['it was not answered, and should be'];
}

/** Whether it may have been one of those that are to get lost. */
function isLossAsked({ there, back }: Explanation, place: Loss['place'] | undefined): boolean {
  return place !== 'rule' && place !== 'sender' && lossOf([...there, ...back].map(({ leg }) => leg)) > 0;
}
