import { expect } from 'chai';
import { parseResults } from '../../../src/evaluation/results.js';
import type { Sample } from '../../../src/evaluation/sample.js';
import { csv } from '../../../src/evaluation/report/csv.js';
import { html, table } from '../../../src/html/html.js';
import { reportPage } from '../../../src/evaluation/report/report-page.js';
import { exactSamples, resultsOf } from '../findings/some-results.js';

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>&{}';

describe('the report of the evaluation', () => {
  it('is one page that loads nothing', () => {
    const page = reportPage(resultsOf(exactSamples()));
    expect(page).to.include('11 of 11 bounds held');
    expect(page).to.match(/^<!doctype html>/);
    expect(page.match(/<svg /g)).to.have.length.above(8);
    expect(page).not.to.match(/<(script|link|img|iframe|object|embed)\b/);
    expect(page).not.to.match(/\b(src|href)="(?!#)/);
    expect(page).not.to.match(/url\((?!#)|@import|NaN|undefined/);
    expect(page).to.include("default-src 'none'");
  });

  it('has the drawings in two sizes, in colours of its style sheet', () => {
    const page = reportPage(resultsOf(exactSamples()));
    for (const width of ['720', '352']) expect(page).to.include(`<svg width="${width}"`);
    expect(page).to.include('var(--local)').and.to.include('prefers-color-scheme: dark');
  });

  it('takes hostile text for text', () => {
    const samples: Sample[] = exactSamples().map((sample) =>
      sample.kind === 'task' ? { ...sample, node: HOSTILE.slice(0, 64) } : sample,
    );
    const page = reportPage(
      resultsOf(samples, {
        ...{ machine: HOSTILE, kernel: HOSTILE, netmgr: HOSTILE, begun: HOSTILE },
        parts: [{ experiment: 'bandwidth', seconds: 1, kernel: HOSTILE, failure: HOSTILE }],
      }),
    );
    expect(page).not.to.match(/<script|<img/);
    expect(page).to.include('&lt;script&gt;');
  });

  it('says which part failed, and shows what was measured until then', () => {
    const page = reportPage(
      resultsOf(exactSamples(), {
        parts: [{ experiment: 'latency', seconds: 5, kernel: '6.1', failure: 'the lab ended' }],
      }),
    );
    expect(page).to.include('The part latency failed').and.to.include('the lab ended');
    expect(page).to.include('id="latency"').and.not.to.include('id="bandwidth"');
  });

  it('can be built of nothing at all', () => {
    expect(reportPage(resultsOf([])))
      .to.include('0 of 0 bounds held')
      .and.not.to.include('NaN');
  });

  it('is the same from the file', () => {
    const results = resultsOf(exactSamples());
    const again = parseResults(JSON.stringify(results), 'results.json');
    expect(again).to.deep.equal(results);
  });

  it('refuses a file that holds something else', () => {
    for (const text of [
      '',
      '{}',
      'null',
      JSON.stringify({ ...resultsOf([]), samples: [{ kind: 'task' }] }),
    ]) {
      expect(() => parseResults(text, 'x.json')).to.throw('x.json holds no results of an evaluation');
    }
  });
});

describe('HTML', () => {
  it('keeps what is HTML, and escapes all else', () => {
    expect(html`<b title="${'"&\''}">${'<i>'}${html`<i>${1}</i>`}</b>`.text).to.equal(
      '<b title="&quot;&amp;&#39;">&lt;i&gt;<i>1</i></b>',
    );
    expect(html`${['<', html`<br />`]}`.text).to.equal('&lt;<br />');
  });

  it('has tables whose numbers stand to the right', () => {
    const { text } = table([['<a>'], ['-1.5 %'], ['x']]);
    expect(text).to.include('<th scope="col">&lt;a&gt;</th>');
    expect(text).to.include('<td class="number">-1.5 %</td>').and.to.include('<td>x</td>');
  });
});

describe('CSV', () => {
  it('quotes what needs it, and has no formulas', () => {
    expect(
      csv([
        ['a', 1.5, true, null, undefined],
        ['x"y,\n', '=1+1', -2],
      ]),
    ).to.equal('a,1.5,true,,\r\n"x""y,\n",\'=1+1,-2\r\n');
  });
});
