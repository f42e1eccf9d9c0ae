import type { FilePosition } from '../../errors.js';
import type { Decided } from '../../manager/explain/deciding-rule.js';
import {
  contradictions,
  expectedOf,
  isAnswerExpected,
  type Explanation,
  type HostExplanation,
  type LegExplanation,
  type Measured,
} from '../../manager/explain/explanation.js';
import type { ProbeTrace } from '../../manager/explain/trace.js';
import { parameterWords } from '../../manager/model/parameters.js';
import { reasonOf } from '../../manager/merge/reason-of.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { valueText } from './measured-values.js';
import { withoutControls } from './report-errors.js';

const INDENT = '  ';
/** Characters of a rule on one line. */
const WIDTH = 72;
const VERDICTS = {
  accept: (what: string) => `lets ${what} pass`,
  drop: (what: string) => `DROPS ${what}`,
  unknown: (what: string) => `may do anything with ${what}`,
} as const;

/** The explanation for people: the file, the kernels, the shape, and what was measured. */
export function explainText(explanation: Explanation): string {
  const { hosts, there, back, decision, probe } = explanation;
  const wrong = contradictions(explanation);
  return [
    titleLine(explanation),
    ...fileLines(explanation),
    'kernel:',
    ...hosts.flatMap(hostLines),
    ...(decision.passes ? ['there:', ...there.flatMap(legLines), 'back:', ...back.flatMap(legLines)] : []),
    ...valueLines(explanation),
    ...(probe === undefined ? [] : probeLines(probe)),
    ...(wrong.length === 0
      ? [conclusion(explanation)]
      : ['NOT as the files say:', ...wrong.map((text) => `${INDENT}✗ ${text}`)]),
  ]
    .map((line) => withoutControls(line.replaceAll('\n', ' ')))
    .join('\n');
}

function titleLine({ from, to, source, target, packet: { protocol, port } }: Explanation): string {
  const what = `${protocol}${port === undefined ? '' : ` port ${String(port)}`}`;
  return `${from.path} → ${to.path}, ${what} (${source.toString()} → ${target.toString()})`;
}

function fileLines({ decision, decidedBy }: Explanation): string[] {
  const verdict = decision.passes ? 'may pass, and what answers it' : 'may not pass';
  return [
    `file: ${verdict}, because ${reasonOf(decision)}`,
    ...(decidedBy === undefined ? [] : [`${INDENT}${decidedBy.words}${placeText(decidedBy.at)}`]),
  ];
}

function hostLines({ inspection: { host, errors }, there, back }: HostExplanation): string[] {
  if (errors.length > 0) return [`${INDENT}${host}: no answer`];
  const isSame = there !== undefined && there.rule === back?.rule;
  return [
    ...ruleLines(host, isSame ? 'it and answers' : 'it', there),
    ...(isSame || there?.verdict !== 'accept' ? [] : ruleLines(host, 'answers', back)),
  ];
}

function ruleLines(host: string, what: string, decided: Decided | undefined): string[] {
  if (decided === undefined) return [`${INDENT}${host} has no rule of netmgr that decides about ${what}`];
  const { chain, number, text, packets } = decided.rule;
  const place = `rule ${String(number)} of ${chain}`;
  return [
    `${INDENT}${host} ${VERDICTS[decided.verdict](what)}: ${place}, ${countText(packets, 'packet')} so far`,
    ...wrapped(text),
  ];
}

/** Rules are long. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, i) => `${INDENT}${INDENT}${i === 0 ? '' : INDENT}${each}`);
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
  return [
    `${INDENT}${from.node.vm} → ${to.node.vm}: ${words.length === 0 ? 'no link says anything' : words.join(', ')}`,
    ...lines,
    ...sources.map((source) => `${INDENT}${INDENT}${source.words}${placeText(source.at)}`),
    ...(link === undefined
      ? []
      : [
          `${INDENT}${INDENT}${link.oper} at ${link.vifName} of ${leg.to.host.name}, ${countText(link.packets, 'packet')}, ${String(link.drops)} dropped`,
        ]),
    ...(vif === undefined || link !== undefined
      ? []
      : [`${INDENT}${INDENT}${vif.oper} at ${vif.name} of ${leg.to.host.name}`]),
  ];
}

function valueLines(explanation: Explanation): string[] {
  if (!explanation.decision.passes) return [];
  const { rtt, loss, there, back } = expectedOf(explanation);
  const { measured } = explanation;
  const rate = (bits: number | undefined): string =>
    bits === undefined ? 'any rate' : valueText('bandwidth', bits);
  if (!isAnswerExpected(explanation)) return ['expected: nothing arrives, a link is down'];
  const known = [
    measuredText(measured.rtt, 'a round trip', (value) => valueText('latency', value)),
    ...(['there', 'back'] as const).map((way) =>
      measuredText(measured[way], way, (value) => valueText('bandwidth', value * BITS_PER_KILOBIT)),
    ),
  ].filter((text) => text !== undefined);
  return [
    `expected: a round trip of ${valueText('latency', rtt)} and what hosts and machines take${loss === 0 ? '' : `, ${valueText('loss', loss)} lost`}`,
    `${INDENT}${INDENT}${rate(there)} there, ${rate(back)} back, headers included`,
    `measured: ${known.length === 0 ? 'nothing yet (netmgr verify)' : known.join(', ')}`,
  ];
}

function measuredText(
  measured: Measured | undefined,
  what: string,
  words: (value: number) => string,
): string | undefined {
  return measured === undefined
    ? undefined
    : `${what} ${words(measured.value)} (probed ${ageText(measured.age)} ago)`;
}

function probeLines(probe: ProbeTrace): string[] {
  const { rules, links, lost } = probe;
  return [
    `probe: ${outcomeText(probe)}`,
    ...(lost === undefined ? [] : [`${INDENT}${lost.words}`]),
    ...rules.map(
      ({ host, rule: { chain, number }, packets }) =>
        `${INDENT}+${String(packets)} at rule ${String(number)} of ${chain} on ${host}`,
    ),
    ...links.map(
      ({ host, vif, peer, packets, drops }) =>
        `${INDENT}+${String(packets)} at ${vif} of ${host} from ${peer}${drops > 0n ? `, ${String(drops)} dropped` : ''}`,
    ),
  ];
}

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

function conclusion(explanation: Explanation): string {
  const { probe, decision } = explanation;
  const found = `kernel${probe === undefined ? '' : ', probe'} and files agree`;
  return `${decision.passes ? 'it passes' : 'it does not pass'}: ${found}`;
}

const placeText = (at: FilePosition | undefined): string =>
  at === undefined ? '' : `  ${at.file}:${String(at.line)}`;

const countText = (count: bigint, what: string): string =>
  `${String(count)} ${what}${count === 1n ? '' : 's'}`;

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(0)} h`;
}
