import type { Bound } from '../findings/bound.js';
import { boundsOf } from '../findings/bounds.js';
import { deviationsOf } from '../findings/deviations.js';
import { groupBy } from '../../group-by.js';
import type { Part, Results } from '../results.js';
import { html, table, type Html } from '../../html/html.js';
import { bandwidthSection } from './sections/bandwidth-section.js';
import { jitterSection } from './sections/jitter-section.js';
import { latencySection } from './sections/latency-section.js';
import { lossSection } from './sections/loss-section.js';
import type { Section } from './sections/section.js';
import { table2Section } from './sections/table2-section.js';
import { page } from '../../html/page.js';

/** The report as one page that needs nothing else. */
export function reportPage(results: Results): string {
  const bounds = boundsOf(results.samples);
  const measured = new Set(results.parts.map(({ experiment }) => experiment));
  const sections = [bandwidthSection, latencySection, table2Section, jitterSection, lossSection]
    .map((sectionOf) => sectionOf(results))
    .filter(({ experiment }) => measured.has(experiment));
  const body = html`<h1>How exact netmgr is</h1>
    <p class="about">${aboutText(results)}</p>
    <nav>${sections.map(({ experiment, title }) => html`<a href="#${experiment}">${title}</a> `)}</nav>
    ${summary(results, bounds)} ${sections.map(sectionHtml)}`;
  return page('netmgr evaluation', body);
}

function aboutText({ begun, netmgr, node, machine, kernel, parts, quick }: Results): string {
  const minutes = parts.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  return [
    `${begun.slice(0, 16).replace('T', ' ')} UTC`,
    `netmgr ${netmgr}, Node ${node}`,
    `${machine}, Linux ${kernel}`,
    `labs on ${labKernels(parts)}`,
    `measured for ${minutes.toFixed(0)} minutes${quick ? ', a sample (--quick)' : ''}`,
  ].join(' · ');
}

/** Each kernel with what was measured on it. */
function labKernels(parts: readonly Part[]): string {
  return [...groupBy(parts, ({ kernel }) => kernel)]
    .map(([kernel, own]) => `${kernel} (${own.map(({ experiment }) => experiment).join(', ')})`)
    .join(' and ');
}

function summary(results: Results, bounds: readonly Bound[]): Html {
  const held = bounds.filter((bound) => bound.held).length;
  const failures = results.parts.filter(({ failure }) => failure !== undefined);
  const deviations = deviationsOf(bounds, results.samples);
  const good = held === bounds.length && failures.length === 0 && bounds.length > 0;
  return html`<p class="verdict${good ? '' : ' missed'}">
      ${String(held)} of ${String(bounds.length)} bounds held.
      ${failures.map(({ experiment }) => html`The part ${experiment} failed. `)}
    </p>
    <div class="bounds">
      ${table([
        ['', 'bound', 'worst measured', 'of'],
        ...bounds.map((bound) => [
          bound.held ? html`<span class="held">✓ held</span>` : html`<span class="no">✗ missed</span>`,
          ...[bound.claim, html`${bound.worst}`, String(bound.of)],
        ]),
      ])}
    </div>
    ${
      deviations.length === 0
        ? html``
        : html`<h3>What deviates, and why</h3>
            ${deviations.map(({ experiment, sentences }) => html`<p><b>${experiment}:</b> ${sentences.join(' ')}</p>`)}`
    }
    <p class="about">
      A value that is held against a bound is the median of the repetitions during which the machine was not
      disturbed. "Of" is how many values were held against it.
    </p>`;
}

function sectionHtml({ experiment, title, body }: Section): Html {
  return html`<section id="${experiment}">
    <h2>${title}</h2>
    ${body}
  </section> `;
}
