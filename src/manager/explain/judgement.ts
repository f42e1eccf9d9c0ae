import type { DriftRow } from '../../mib/drift-table.js';
import { lossOf } from '../merge/wanted-network.js';
import type { HostInspection } from '../verify/inspect-host.js';
import { isAnswerExpected, type Explanation, type HostExplanation } from './explanation.js';
import { rulePlace } from './kernel-rule.js';
import type { Loss, ProbeTrace } from './trace.js';

/** What an explanation comes to. */
export interface Judgement {
  /**
   * Whether it passes, by a probe that was answered or else by the kernels' rules; undefined if that cannot be told, or if what should
   * have been answered was not.
   */
  readonly passes: boolean | undefined;
  /** What this packet meets otherwise than the files say, in sentences; nothing if all agrees. */
  readonly contradictions: readonly string[];
  /** What else is not as it should be on hosts on its way. */
  readonly aside: readonly string[];
}

export function judge(explanation: Explanation): Judgement {
  const { hosts, probe } = explanation;
  const vifs = vifsOnTheWay(explanation);
  const isMet = ({ what, vif }: Pick<DriftRow, 'what' | 'vif'>, host: string): boolean =>
    what === 'isolation' || what === 'state' || vifs.has(`${host} ${vif}`);
  const probed = probe === undefined ? [] : probeWords(explanation, probe);
  return {
    passes: passesBy(explanation, probed.length > 0),
    contradictions: [
      ...new Set([
        ...hosts.flatMap((host) => [
          ...inspectionWords(host.inspection, isMet),
          ...verdictWords(explanation, host),
        ]),
        ...stateWords(explanation),
        ...probed,
      ]),
    ],
    aside: hosts.flatMap(({ inspection: { host, drift } }) =>
      drift.filter((row) => !isMet(row, host)).map(({ text }) => `${host}: ${text}`),
    ),
  };
}

/** Whether the agents run something for all on the way: else there is nothing to be explained but the files. */
export function isInForce({ there, back }: Explanation): boolean {
  return [...there, ...back].every(({ vif }) => vif !== undefined);
}

function passesBy(explanation: Explanation, isProbedOtherwise: boolean): boolean | undefined {
  const { hosts, probe, decision, there, back } = explanation;
  if (probe?.outcome === 'answered') return true;
  if (!isInForce(explanation)) return undefined;
  const passes = kernelsLetPass(hosts);
  // What they say may be said otherwise by rules that nobody reads.
  if (passes === true && hosts.some(({ otherHooks }) => otherHooks.length > 0)) return undefined;
  if (passes === true && decision.passes && !isAnswerExpected(explanation)) return false;
  const isCut = [...there, ...back].some(({ vif }) => vif?.oper === 'degraded');
  return passes === true && decision.passes && (isProbedOtherwise || isCut) ? undefined : passes;
}

/** Whether a probe says nothing of whether the packet passes: it may have got lost before any rule. */
export function provesNothing({ decision, probe }: Explanation): boolean {
  return (
    !decision.passes && probe !== undefined && probe.outcome !== 'answered' && probe.lost?.place !== 'rule'
  );
}

function vifsOnTheWay({ there, back }: Explanation): ReadonlySet<string> {
  const nodes = [...there, ...back].flatMap(({ leg: { from, to } }) => [from, to]);
  return new Set(nodes.map(({ host, vif }) => `${host.name} ${vif.name}`));
}

function kernelsLetPass(hosts: readonly HostExplanation[]): boolean | undefined {
  if (hosts.some(({ there }) => there?.verdict === 'drop')) return false;
  return hosts.every(({ there }) => there?.verdict === 'accept') ? true : undefined;
}

function inspectionWords(
  { host, runsWanted, drift, errors }: HostInspection,
  isMet: (row: Pick<DriftRow, 'what' | 'vif'>, host: string) => boolean,
): string[] {
  return [
    ...errors.map(({ message }) => `${host}: ${message}`),
    ...(runsWanted === false
      ? [`${host} runs something else than the files want: netmgr apply puts them in force`]
      : []),
    ...drift.filter((row) => isMet(row, host)).map(({ text }) => `${host}: ${text}`),
  ];
}

/** Where the kernel decides otherwise than the file. */
function verdictWords(
  { decision }: Explanation,
  { inspection: { host }, there, back }: HostExplanation,
): string[] {
  if (there === undefined) return [];
  if (there.verdict === 'unknown') {
    return [`it cannot be told what ${placeOf(there)} on ${host} does with it: that is none of netmgr's`];
  }
  const passes = there.verdict === 'accept';
  if (passes !== decision.passes) {
    return [`${host} ${passes ? 'lets it pass' : 'drops it'}, and should not: ${placeOf(there)}`];
  }
  if (!decision.passes || back === undefined || back.verdict === 'accept') return [];
  return back.verdict === 'drop'
    ? [`${host} drops what answers, and should not: ${placeOf(back)}`]
    : [`it cannot be told what ${placeOf(back)} on ${host} does with what answers: that is none of netmgr's`];
}

const placeOf = ({ rule }: NonNullable<HostExplanation['there']>): string =>
  rule === undefined ? 'no rule decides' : rulePlace(rule);

/** What is not in force, or not up, where the packet and what answers it are delivered. */
function stateWords({ there, back }: Explanation): string[] {
  return [...there, ...back].flatMap(({ leg: { to }, link, vif }) => [
    ...(link === undefined || link.oper === 'applied'
      ? []
      : [`what ${to.node.vm} receives from ${link.peerName} is ${link.oper}, not applied`]),
    ...(vif?.oper === 'degraded' ? [`${to.host.name}: ${vif.lastError}`] : []),
  ]);
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
