import { groupBy } from '../../group-by.js';
import { isAsWanted, type HostInspection } from '../../manager/verify/inspect-host.js';
import type { ReachFinding } from '../../manager/verify/reach.js';
import type { Measurement } from '../../manager/verify/verdict.js';
import { reasonOf } from '../../manager/merge/reason-of.js';
import { findingsOf, type VerifyReport } from '../../manager/verify/verify-report.js';
import { errorText, valueText } from './measured-values.js';
import { withoutControls } from './report-errors.js';
import type { FormatTable } from './table.js';

/** Ways that are listed of those that hold, and of findings of one kind, unless all are asked for. */
const MOST_HOLDING = 20;
const MOST_FINDINGS = 20;
const INDENT = '  ';

const VERDICTS = { holds: 'holds', off: 'OFF', unknown: 'unknown' } as const;

/** What was measured, for people: what is off first of each kind, and a line that says how it ended. */
export function verifyText(report: VerifyReport, all: boolean, format: FormatTable): string {
  return [
    ...hostLines(report.hosts),
    ...(report.isMeasured ? reachLines(report, all) : []),
    ...measurementLines(report.measurements, all, format),
    conclusion(report),
  ]
    .map((part) => part.split('\n').map(withoutControls).join('\n'))
    .join('\n');
}

function hostLines(hosts: readonly HostInspection[]): string[] {
  const good = hosts.filter(isAsWanted).length;
  return [
    `hosts: ${String(good)} of ${String(hosts.length)} run what the files want, kernel and machines as it should be`,
    ...hosts.flatMap(({ host, runsWanted, drift, errors }) => [
      ...errors.map(({ message }) => `${INDENT}✗ ${host}: ${message}`),
      ...(runsWanted === false
        ? [`${INDENT}✗ ${host} runs something else than the files want: apply them first`]
        : []),
      ...drift.map((each) => `${INDENT}✗ ${host}: ${each.text}`),
    ]),
  ];
}

function reachLines({ reach, untriedRules }: VerifyReport, all: boolean): string[] {
  const { answers, silences, findings } = reach;
  const count = (expected: string): number =>
    findings.filter(({ question }) => question.expected === expected).length;
  const [cut, leaks] = [count('answer'), count('silence')];
  const ways = [...groupBy(findings, findingText)].map(([text, alike]) => {
    if (alike.length === 1) return text;
    const isProbed = typeof alike[0]?.got === 'string';
    return `${text} (${isProbed ? 'IPv4 and IPv6' : `${String(alike.length)} ways`})`;
  });
  const shown = all ? ways : ways.slice(0, MOST_FINDINGS);
  const more = ways.length - shown.length;
  return [
    `reach by ping: ${String(answers - cut)} of ${String(answers)} ways that are open, and ${String(silences - leaks)} of ${String(silences)} that are closed, as asked`,
    ...shown.map((text) => `${INDENT}✗ ${text}`),
    ...(more > 0 ? [`${INDENT}and ${String(more)} more: --all`] : []),
    ...(untriedRules === 0
      ? []
      : [
          `${INDENT}not tried: rules for TCP and UDP (${String(untriedRules)}); netmgr explain --probe tries one`,
        ]),
  ];
}

function findingText({ question, got }: ReachFinding): string {
  const way = `${question.from.path} → ${question.to.path}`;
  // One that cannot ask fails for all whom it would ask.
  if (typeof got !== 'string') return `${question.from.path}: not probed: ${got.failure}`;
  const reason = reasonOf(question.decision);
  const packets = question.largest === undefined ? '' : ` to packets of ${String(question.largest)} octets`;
  return got === 'answer'
    ? `${way}: answered, and should not be: ${reason}`
    : `${way}: no answer${packets}, and should be: ${reason}`;
}

function measurementLines(measurements: readonly Measurement[], all: boolean, format: FormatTable): string[] {
  if (measurements.length === 0) return [];
  const rank = { off: 0, unknown: 1, holds: 2 } as const;
  const sorted = [...measurements].sort((a, b) => rank[a.verdict] - rank[b.verdict]);
  const bad = sorted.filter(({ verdict }) => verdict !== 'holds').length;
  const shown = all ? sorted : sorted.slice(0, bad + MOST_HOLDING);
  const more = sorted.length - shown.length;
  const rows = shown.map(({ quantity, asked, measured, verdict, base, from, to }) => [
    `${INDENT}${shortWay(from.path, to.path, quantity)}`,
    ...[valueText(quantity, asked), measured === undefined ? '-' : valueText(quantity, measured)],
    measured === undefined ? '-' : errorText(quantity, asked, measured),
    ...[base === undefined ? '' : (base / 1000).toFixed(2), VERDICTS[verdict]],
  ]);
  const notes = [
    ...new Set(
      shown.flatMap(({ from, to, quantity, note }) =>
        note === undefined ? [] : [`${INDENT}${from.path} → ${to.path}, ${quantity}: ${note}`],
      ),
    ),
  ];
  return [
    `links: ${String(measurements.length - bad)} of ${String(measurements.length)} values as asked`,
    format([`${INDENT}way`, 'asked', 'measured', 'error', 'base', 'verdict'], rows),
    ...(more > 0 ? [`${INDENT}and ${String(more)} more that hold: --all`] : []),
    ...notes,
  ];
}

/** The machines' names are unique; of latency and loss both directions are measured together. */
function shortWay(from: string, to: string, quantity: Measurement['quantity']): string {
  const arrow = quantity === 'bandwidth' ? '→' : '↔';
  return [from.split('/').at(-1), arrow, to.split('/').at(-1)].join(' ');
}

function conclusion(report: VerifyReport): string {
  const { leftOut, measurements, isMeasured, seconds } = report;
  const findings = findingsOf(report);
  if (!isMeasured) return 'NOT measured: netmgr apply puts the files in force';
  const time = `in ${seconds.toFixed(0)} s`;
  const left = leftOut === 0 ? '' : `; no time for the bandwidth of ${String(leftOut)} more ways (--budget)`;
  if (findings > 0) return `NOT as asked: ${countOf(findings, 'finding')}, ${time}${left}`;
  const all =
    leftOut === 0 ? 'all holds' : `what was measured holds (${countOf(measurements.length, 'value')})`;
  return `verified: ${all}, ${time}${left}`;
}

const countOf = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;
