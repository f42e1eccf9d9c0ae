import type { FilePosition } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { VifStateRow } from '../../mib/vif-state-table.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { lossOf, type Decision, type Leg, type Packet } from '../merge/wanted-network.js';
import { isAsWanted, type HostInspection } from '../verify/inspect-host.js';
import type { Decided } from './deciding-rule.js';
import type { ProbeTrace } from './trace.js';

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
      ...(isAsked(host.inspection) ? ruleWords(explanation, host) : []),
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
function ruleWords(
  { decision }: Explanation,
  { inspection: { host }, there, back }: HostExplanation,
): string[] {
  const passes = (decided: Decided | undefined): boolean => decided?.verdict !== 'drop';
  const words: string[] = [];
  if (there?.verdict === 'unknown' || back?.verdict === 'unknown') {
    words.push(`${host} has a rule among netmgr's that is none of them`);
  }
  if (passes(there) !== decision.passes) {
    words.push(`${host} ${passes(there) ? 'lets it pass' : 'drops it'}, and should not`);
  }
  if (decision.passes && !passes(back)) words.push(`${host} drops what answers, and should not`);
  return words;
}

function probeWords(explanation: Explanation, { outcome, lost }: ProbeTrace): string[] {
  const isExpected = isAnswerExpected(explanation);
  // Who listens there may have nothing to say.
  if (explanation.packet.protocol === 'udp' && lost?.place === 'receiver') return [];
  if (outcome === 'answered') return isExpected ? [] : ['it was answered, and should not be'];
  if (outcome === 'silent') return isExpected ? ['it was not answered, and should be'] : [];
  // What has no route cannot even be sent, as it should be where nothing passes.
  return isExpected ? ['it could not be sent'] : [];
}
