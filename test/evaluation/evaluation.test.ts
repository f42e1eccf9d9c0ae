import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseResults } from '../../src/evaluation/results.js';
import { samplesOf } from '../../src/evaluation/sample.js';
import { skipInSample } from '../sample.js';
import { runEvaluation } from './run-evaluation.js';

describe('the evaluation', function () {
  this.timeout(400_000);
  const out = mkdtempSync(join(tmpdir(), 'netmgr-evaluation-'));
  const read = (name: string): string => readFileSync(join(out, name), 'utf8');

  before(function () {
    skipInSample(this, 'the evaluation in a lab', 'test:fidelity');
  });

  after(() => {
    rmSync(out, { recursive: true });
  });

  it('measures in a lab, and writes page, tables and results', async () => {
    const { failures, bounds } = await runEvaluation(
      ['--quick', '--only', 'latency', '--latencies', '20ms', '--repetitions', '1', '--out', out],
      380_000,
    );
    expect(failures).to.deep.equal([]);
    // How exact a busy machine measures is what test/fidelity is about.
    expect(bounds).to.have.length(4);
    const trips = samplesOf(parseResults(read('results.json'), 'results.json').samples, 'round-trips');
    expect(new Set(trips.map(({ placement }) => placement))).to.deep.equal(new Set(['local', 'remote']));
    // No packet is faster than the link lets it.
    for (const { times } of trips) expect(Math.min(...times)).to.be.at.least(40);
    expect(read('virtual/latency-20ms.xml')).to.include('latency="20ms"');
    expect(read('latency.csv').split('\r\n')).to.have.length(trips.length + 2);
    expect(read('report.html')).to.include('<svg ');
  });

  it('builds the report again without measuring', async () => {
    const page = read('report.html');
    const { bounds } = await runEvaluation(
      ['--from', join(out, 'results.json'), '--out', join(out, 'again')],
      60_000,
    );
    expect(bounds).to.have.length(4);
    expect(withoutNumbers(read('again/report.html'))).to.equal(withoutNumbers(page));
    expect(read('again/results.json')).to.equal(read('results.json'));
  });
});

/** The drawings number their parts through all that a process draws. */
function withoutNumbers(page: string): string {
  return page.replace(/zr\d*-[a-z]*-?\d+/g, 'zr');
}
