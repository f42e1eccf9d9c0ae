import type { FilePosition } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type { Decided } from '../../manager/explain/deciding-rule.js';
import {
  expectedOf,
  isAnswerExpected,
  type Explanation,
  type HostExplanation,
  type LegExplanation,
  type Measured,
} from '../../manager/explain/explanation.js';
import { isInForce, judge, provesNothing, type Judgement } from '../../manager/explain/judgement.js';
import { rulePlace, type KernelRule } from '../../manager/explain/kernel-rule.js';
import type { MovedLink, ProbeTrace } from '../../manager/explain/trace.js';
import { parameterWords } from '../../manager/model/parameters.js';
import { reasonOf } from '../../manager/merge/reason-of.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { ageText } from '../../web/wire/quantity-text.js';
import { fold } from './fold.js';
import { valueText } from './measured-values.js';
import { withoutControls } from './report-errors.js';

const INDENT = '  ';
const VERDICTS = {
  accept: (hosts: string, what: string) => `${hosts}: ${what} may pass`,
  drop: (hosts: string, what: string) => `${hosts}: ${what} is dropped`,
  unknown: (hosts: string, what: string) => `${hosts}: it cannot be told whether ${what} may pass`,
} as const;

/** The explanation for people: what it comes to, then the files, the kernels, the links, and what was measured. */
export function explainText(explanation: Explanation): string {
  const { hosts, there, back, decision, probe } = explanation;
  const judgement = judge(explanation);
  const { contradictions, aside } = judgement;
  return [
    titleLine(explanation),
    verdictLine(explanation, judgement),
    ...contradictions.map((text) => `${INDENT}✗ ${text}`),
    ...fileLines(explanation),
    'kernels:',
    ...kernelLines(hosts, decision.passes),
    ...(decision.passes
      ? ['links there:', ...there.flatMap(legLines), 'links back:', ...back.flatMap(legLines)]
      : []),
    ...valueLines(explanation),
    ...(probe === undefined ? [] : probeLines(probe)),
    ...(aside.length === 0 ? [] : ['not on this way, but on these hosts:']),
    ...aside.map((text) => `${INDENT}· ${text}`),
  ]
    .flatMap((line) => fold(withoutControls(line.replaceAll('\n', ' '))))
    .join('\n');
}

function titleLine({ from, to, source, target, packet: { protocol, port } }: Explanation): string {
  const what = `${protocol}${port === undefined ? '' : ` port ${String(port)}`}`;
  return `${from.path} → ${to.path}, ${what} (${source.toString()} → ${target.toString()})`;
}

function verdictLine(explanation: Explanation, { passes, contradictions }: Judgement): string {
  const { decision, probe } = explanation;
  if (passes === undefined) {
    if (!isInForce(explanation)) return 'The files are not in force there:';
    if (decision.passes && probe?.outcome === 'silent' && contradictions.length > 0) {
      return 'It was NOT answered, though the files let it pass:';
    }
    const unread = hostsWithOthers(explanation);
    return contradictions.length > 0 || unread === ''
      ? 'It cannot be told whether it passes:'
      : `It passes, as the files and those rules say that are read; ${unread} has others.`;
  }
  const should = isAnswerExpected(explanation);
  const does = passes ? 'It passes' : 'It does not pass';
  if (passes !== should) return `${does}, and should${passes ? ' not' : ''}:`;
  if (contradictions.length > 0) return `${does}, but not all is as the files say:`;
  return `${does}, as the files ${proofText(explanation)}.`;
}

const hostsWithOthers = ({ hosts }: Explanation): string =>
  hosts
    .filter(({ otherHooks }) => otherHooks.length > 0)
    .map(({ inspection: { host } }) => host)
    .join(', ');

/** Who says so, in words that follow "as the files". */
function proofText(explanation: Explanation): string {
  const { probe, decision } = explanation;
  const rules = "and the kernels' rules say";
  if (decision.passes && !isAnswerExpected(explanation)) return 'say: a link loses all of it';
  if (probe === undefined) return rules;
  if (probe.outcome === 'answered') return `${rules}, and the probe was answered`;
  if (provesNothing(explanation)) return `${rules}; the probe did not come to them`;
  return `${rules}; the probe was not answered`;
}

function fileLines({ decision, decidedBy }: Explanation): string[] {
  const verdict = decision.passes ? 'it may pass, and what answers it' : 'it may not pass';
  return [
    `files: ${verdict}, because ${reasonOf(decision)}`,
    ...(decidedBy === undefined ? [] : [`${INDENT}${decidedBy.words}${placeText(decidedBy.at)}`]),
  ];
}

/** What one host decides about one direction. */
interface Deciding {
  readonly host: string;
  readonly what: string;
  readonly decided: Decided;
}

/** What several hosts decide by the same rule is said once. */
function kernelLines(hosts: readonly HostExplanation[], passes: boolean): string[] {
  const deciding = hosts.flatMap(({ inspection: { host }, there, back }): Deciding[] => {
    if (there === undefined) return [];
    const isOne = there.rule !== undefined && there.rule === back?.rule;
    const both = { host, what: isOne ? 'it, and what answers it,' : 'it', decided: there };
    const isAsked = passes && there.verdict !== 'drop' && !isOne && back !== undefined;
    return [both, ...(isAsked ? [{ host, what: 'what answers it', decided: back }] : [])];
  });
  const alike = groupBy(deciding, ({ what, decided: { verdict, rule } }) =>
    [what, verdict, rule && rulePlace(rule), rule?.text].join('\n'),
  );
  const names = new Map(hosts.flatMap(({ sets }) => [...sets]));
  return [
    ...hosts
      .filter(({ there }) => there === undefined)
      .map(({ inspection: { host } }) => `${INDENT}${host}: not known`),
    ...[...alike.values()].flatMap((group) => decidedLines(group, names)),
    ...hosts.flatMap(({ inspection: { host }, otherHooks }) =>
      otherHooks.map(
        ({ family, table, chain, text }) =>
          `${INDENT}${host}: the chain ${chain} of the nft table ${family} ${table} is not read (${text})`,
      ),
    ),
  ];
}

function decidedLines(group: readonly Deciding[], names: ReadonlyMap<string, string>): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { what, decided } = first;
  const verdict = VERDICTS[decided.verdict](group.map(({ host }) => host).join(', '), what);
  if (decided.rule === undefined) return [`${INDENT}${verdict}: no rule decides`];
  const counts = group.map(({ host, decided: { rule } }) => {
    const count = countText(rule?.packets ?? 0n, 'packet');
    return group.length === 1 ? count : `${count} on ${host}`;
  });
  return [
    `${INDENT}${verdict}: ${rulePlace(decided.rule)}, ${counts.join(', ')} so far`,
    ...ruleLines(decided.rule, names),
  ];
}

function ruleLines({ number, text }: KernelRule, names: ReadonlyMap<string, string>): string[] {
  const named = [...new Set(text.split(' '))].flatMap((word) => {
    const site = names.get(word);
    return site === undefined ? [] : [`${word} is ${site}`];
  });
  return [
    ...(number === 0 ? [] : [`${INDENT}${INDENT}${text}`]),
    ...(named.length === 0 ? [] : [`${INDENT}${INDENT}(${named.join(', ')})`]),
  ];
}

function legLines({ leg, sources, link, vif }: LegExplanation): string[] {
  const { from, to, parameters } = leg;
  const words = parameterWords(parameters);
  const lines = [
    { node: from, does: 'sends', line: from.access.sent },
    { node: to, does: 'receives', line: to.access.received },
  ].flatMap(({ node, does, line }) => {
    const own = parameterWords(line);
    return own.length === 0 ? [] : [`${INDENT}${INDENT}${node.node.vm} ${does}: ${own.join(', ')}`];
  });
  const place = `at ${to.vif.name} of ${to.host.name}`;
  return [
    `${INDENT}${from.node.vm} → ${to.node.vm}: ${words.length === 0 ? 'no link limits it' : words.join(', ')}`,
    ...sources.map((source) => `${INDENT}${INDENT}${source.words}${placeText(source.at)}`),
    ...lines,
    ...(link === undefined
      ? []
      : [
          `${INDENT}${INDENT}${link.oper} ${place}: ${inForceText(link)}`,
          countLine(link.packets, link.drops),
        ]),
    ...(vif === undefined || link !== undefined ? [] : [`${INDENT}${INDENT}${vif.oper} ${place}`]),
  ];
}

function inForceText({ bandwidth, latency, loss }: NonNullable<LegExplanation['link']>): string {
  const values = [
    ...(bandwidth === 0 ? [] : [valueText('bandwidth', bandwidth * BITS_PER_KILOBIT)]),
    ...(latency === 0 ? [] : [valueText('latency', latency)]),
    ...(loss === 0 ? [] : [`${valueText('loss', loss / 1e6)} lost`]),
  ];
  return values.length === 0 ? 'no limit, no latency, no loss' : values.join(', ');
}

const countLine = (packets: bigint, drops: bigint): string =>
  `${INDENT}${INDENT}${countText(packets, 'packet')} so far, ${String(drops)} dropped`;

function valueLines(explanation: Explanation): string[] {
  if (!explanation.decision.passes) return [];
  const { rtt, loss, there, back } = expectedOf(explanation);
  const { measured } = explanation;
  if (!isAnswerExpected(explanation)) return ['expected: nothing arrives, a link loses all'];
  const rates = [
    ...(there === undefined ? [] : [`${valueText('bandwidth', there)} there`]),
    ...(back === undefined ? [] : [`${valueText('bandwidth', back)} back`]),
  ];
  const known = [
    measuredText(measured.rtt, 'a round trip of', (value) => valueText('latency', value)),
    ...(['there', 'back'] as const).map((way) =>
      measuredText(measured[way], `${way} data with`, (value) =>
        valueText('bandwidth', value * BITS_PER_KILOBIT),
      ),
    ),
  ].filter((text) => text !== undefined);
  return [
    `expected: ${rtt === 0 ? 'no latency but' : `a round trip of ${valueText('latency', rtt)}, and`} what hosts and machines take`,
    ...(loss === 0 ? [] : [`${INDENT}${valueText('loss', loss)} lost, there or back`]),
    ...(rates.length === 0 ? [] : [`${INDENT}at most ${rates.join(', ')}, headers included`]),
    `measured: ${known.length === 0 ? nothingMeasured(explanation) : known.join('; ')}`,
  ];
}

/** Agents keep what was measured for the rows of netemuLinkTable. */
function nothingMeasured({ there, back }: Explanation): string {
  const isKept = [...there, ...back].some(({ link }) => link !== undefined);
  return isKept ? 'nothing that is known (netmgr verify)' : 'nothing is kept for a way without a link';
}

function measuredText(
  measured: Measured | undefined,
  what: string,
  words: (value: number) => string,
): string | undefined {
  return measured === undefined
    ? undefined
    : `${what} ${words(measured.value)}, ${ageText(measured.age * 1000)} ago`;
}

function probeLines(probe: ProbeTrace): string[] {
  const { rules, links, lost } = probe;
  const hosts = new Set([...rules, ...links].map(({ host }) => host));
  return [
    `probe: ${outcomeText(probe)}`,
    ...(lost === undefined ? [] : [`${INDENT}${lost.words}`]),
    ...(hosts.size === 0 ? [] : [`${INDENT}counted meanwhile:`]),
    ...[...hosts].map((host) => {
      const counted = [
        ...rules
          .filter((moved) => moved.host === host)
          .map(({ rule, packets }) => `${String(packets)} at ${rulePlace(rule)}`),
        ...links.filter((moved) => moved.host === host).map(movedText),
      ];
      return `${INDENT}${INDENT}${host}: ${counted.join(', ')}`;
    }),
  ];
}

const movedText = ({ vif, peer, packets, drops }: MovedLink): string =>
  `${String(packets)} at ${vif} from ${peer}${drops > 0n ? ` (${String(drops)} dropped)` : ''}`;

function outcomeText(probe: ProbeTrace): string {
  switch (probe.outcome) {
    case 'answered':
      if (probe.refused === true) return 'answered: nobody listens at that port';
      return probe.rtt === undefined ? 'answered' : `answered after ${valueText('latency', probe.rtt)}`;
    case 'silent':
      return 'no answer';
    case 'unsendable':
      return 'not sent';
    case 'failed':
      return 'not made';
  }
}

const placeText = (at: FilePosition | undefined): string =>
  at === undefined ? '' : `  ${at.file}:${String(at.line)}`;

const countText = (count: bigint, what: string): string =>
  `${String(count)} ${what}${count === 1n ? '' : 's'}`;
