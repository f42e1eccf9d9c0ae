import { html, Html, table } from '../../html/html.js';
import { page } from '../../html/page.js';
import { isAsWanted } from '../../manager/verify/inspect-host.js';
import type { ReachQuestion } from '../../manager/verify/reach.js';
import type { Measurement } from '../../manager/verify/verdict.js';
import { reasonOf } from '../../manager/merge/reason-of.js';
import { allHolds, type VerifyReport } from '../../manager/verify/verify-report.js';
import { errorText, valueText } from './measured-values.js';

/** Nodes of which a matrix can still be read. */
const LARGEST_MATRIX = 80;

const MATRIX_STYLE = new Html(`<style>
.matrix { border-collapse: collapse; font-size: .6875rem; min-width: 0; } .matrix td, .matrix th { padding: 0; border: 1px solid var(--grid); }
.matrix td { width: 1.1rem; height: 1.1rem; text-align: center; line-height: 1; } .matrix tbody th { padding: 0 .4rem; white-space: nowrap; font-weight: 400; }
.matrix thead th { height: 8.5rem; vertical-align: bottom; font-weight: 400; } .matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.open { background: color-mix(in srgb, var(--good) 30%, var(--paper)); } .closed { background: var(--panel); }
.wrong { background: var(--bad); color: var(--paper); font-weight: 700; } .self { background: var(--grid); }
.key span { display: inline-block; min-width: 1.1rem; padding: 0 .3rem; margin: 0 .3rem 0 1rem; text-align: center; border: 1px solid var(--grid); }
svg.bullet { display: block; width: 9rem; height: .9rem; }
</style>`);

/** What verify found, as one page that needs nothing else. */
export function verifyPage(report: VerifyReport): string {
  const { environment, hosts, reach, measurements, leftOut, seconds } = report;
  const good = allHolds(report);
  const body = html`<h1>Is ${environment} as its file asks?</h1>
    <p class="verdict${good ? '' : ' missed'}">${verdictWords(report)}</p>
    <p class="about">
      ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC · measured in ${seconds.toFixed(0)} s ·
      ${String(reach.answers + reach.silences)} ways, ${String(measurements.length)}
      values${leftOut === 0 ? '' : `, no time for the bandwidth of ${String(leftOut)} ways`}
    </p>
    <h2>Hosts</h2>
    ${table([
      ['host', '', 'what its agent says'],
      ...hosts.map((host) => [
        host.host,
        mark(isAsWanted(host) ? 'holds' : 'off'),
        [
          ...host.errors.map(({ message }) => message),
          ...(host.runsWanted === false ? ['It runs something else than the files want.'] : []),
          ...host.drift.map(({ text }) => text),
        ].join(' · ') || 'runs what the files want; kernel and machines as it should be',
      ]),
    ])}
    <h2>Who reaches whom</h2>
    ${matrix(report)} ${findings(report)}
    <h2>Links</h2>
    ${links(measurements)}`;
  return page(`netmgr verify: ${environment}`, body, MATRIX_STYLE);
}

function verdictWords(report: VerifyReport): string {
  const { isMeasured, leftOut, measurements } = report;
  if (!isMeasured) return 'Nothing was measured: the hosts run something else than the files want.';
  if (!allHolds(report)) return 'Not all is as asked.';
  return leftOut === 0
    ? 'All holds.'
    : `What was measured holds: ${String(measurements.length)} values. For ${String(leftOut)} there was no time.`;
}

function mark(verdict: Measurement['verdict']): Html {
  if (verdict === 'holds') return html`<span class="held">✓ holds</span>`;
  return html`<span class="no">${verdict === 'off' ? '✗ off' : '? unknown'}</span>`;
}

/** One row for each node that asks, one column for each that answers. */
function matrix({ reach: { questions, findings: wrong } }: VerifyReport): Html {
  const names = [...new Set(questions.flatMap(({ from, to }) => [from.path, to.path]))].sort();
  if (names.length > LARGEST_MATRIX) {
    return html`<p>
      ${String(names.length)} nodes are too many for a matrix that can be read; below is what is not as asked.
    </p>`;
  }
  const key = (from: string, to: string): string => `${from}\n${to}`;
  const asked = new Map(questions.map((question) => [key(question.from.path, question.to.path), question]));
  const off = new Set(wrong.map(({ question }) => key(question.from.path, question.to.path)));
  const cell = (from: string, to: string): Html => {
    if (from === to) return html`<td class="self"></td>`;
    const question = asked.get(key(from, to));
    if (question === undefined) return html`<td></td>`;
    const isOpen = question.expected === 'answer';
    const title = `${from} → ${to}: ${isOpen ? 'open' : 'closed'}, ${reasonOf(question.decision)}`;
    return off.has(key(from, to))
      ? html`<td class="wrong" title="${title}">✗</td>`
      : html`<td class="${isOpen ? 'open' : 'closed'}" title="${title}">${isOpen ? '✓' : ''}</td>`;
  };
  return html`<p class="key">
      Rows ask, columns answer.<span class="open">✓</span>answers, as asked<span class="closed">&nbsp;</span
      >does not, as asked<span class="wrong">✗</span>not as asked
    </p>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th></th>
            ${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (from) =>
              html`<tr>
                <th scope="row">${from}</th>
                ${names.map((to) => cell(from, to))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function findings({ reach: { findings: wrong } }: VerifyReport): Html {
  if (wrong.length === 0) return html`<p>All ways are as asked.</p>`;
  const words = (question: ReachQuestion): string =>
    `${question.expected === 'answer' ? 'an answer' : 'none'}, because ${reasonOf(question.decision)}`;
  return table([
    ['from', 'to', 'address', 'asked', 'got'],
    ...wrong.map(({ question, got }) => [
      ...[question.from.path, question.to.path, html`${question.target.toString()}`, words(question)],
      typeof got === 'string' ? (got === 'answer' ? 'an answer' : 'none') : `not probed: ${got.failure}`,
    ]),
  ]);
}

function links(measurements: readonly Measurement[]): Html {
  if (measurements.length === 0) return html`<p>Nothing is asked of any link.</p>`;
  return html`<p class="about">
      Latency and loss there and back; bandwidth one way, as data. The band is what may be off, the line what
      is asked, the dot what was measured. The base is what a round trip takes between the same hosts without
      a latency.
    </p>
    ${table([
      ['way', '', 'asked', 'measured', 'error', '', 'base', ''],
      ...measurements.map((measurement) => {
        const { quantity, from, to, asked, measured, base, verdict, note } = measurement;
        return [
          `${from.path} ${quantity === 'bandwidth' ? '→' : '↔'} ${to.path}`,
          ...[quantity, valueText(quantity, asked)],
          measured === undefined ? (note ?? '-') : valueText(quantity, measured),
          measured === undefined ? '' : errorText(quantity, asked, measured),
          bullet(measurement),
          ...[base === undefined ? '' : valueText('latency', base), mark(verdict)],
        ];
      }),
    ])}`;
}

/** The measured value on a scale of four times what it may be off. */
function bullet({ asked, measured, verdict, tolerance: { below, above } }: Measurement): Html {
  if (measured === undefined) return html``;
  const reach = 2 * Math.max(below, above);
  const x = (value: number): string =>
    (70 + (68 * Math.max(-reach, Math.min(reach, value - asked))) / (reach || 1)).toFixed(1);
  const [left, right] = [x(asked - below), x(asked + above)];
  const isOff = verdict === 'off';
  return html`<svg class="bullet" viewBox="0 0 140 14" role="img" aria-label="${isOff ? 'off' : 'holds'}">
    <line x1="2" x2="138" y1="7" y2="7" stroke="var(--grid)" />
    <rect
      x="${left}"
      y="2"
      width="${(Number(right) - Number(left)).toFixed(1)}"
      height="10"
      fill="var(--grid)"
    />
    <line x1="70" x2="70" y1="1" y2="13" stroke="var(--quiet)" />
    <circle cx="${x(measured)}" cy="7" r="4" fill="${isOff ? 'var(--bad)' : 'var(--good)'}" />
  </svg>`;
}
