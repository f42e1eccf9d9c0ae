import { expect } from 'chai';
import { isStalled, missedShare } from '../../../src/evaluation/disturbance.js';
import { boundsOf } from '../../../src/evaluation/findings/bounds.js';
import { deviationsOf } from '../../../src/evaluation/findings/deviations.js';
import { latencyRows } from '../../../src/evaluation/findings/latency-findings.js';
import { table2Rows } from '../../../src/evaluation/findings/table2-findings.js';
import type { Sample } from '../../../src/evaluation/sample.js';
import { burstOf, DATA, GOODPUT, mostBurst, transferTime } from '../../../src/evaluation/theory.js';
import { AWAKE, exactSamples, roundTrips, STALLED, STILL, throughput } from './some-results.js';

const missed = (samples: readonly Sample[]): string[] =>
  boundsOf(samples)
    .filter(({ held }) => !held)
    .map(({ claim }) => claim);

const IDEAL = (1e6 * 1448) / 1514;

describe('what theory says', () => {
  it('counts headers, time stamps too', () => {
    expect(DATA).to.deep.equal({ tcp: 1448, udp: 1472 });
    expect(GOODPUT.tcp).to.be.closeTo(0.9564, 5e-5);
    expect(GOODPUT.udp).to.be.closeTo(0.9723, 5e-5);
  });

  it('gives a file of 1 MB 8.36 s at 1 Mbit/s', () => {
    expect(transferTime(1e6, 1e6)).to.be.closeTo(8364.6, 0.1);
  });

  it('allows bursts of four frames, or of two milliseconds', () => {
    expect(mostBurst(1e6)).to.equal(4 * 1514);
    expect(mostBurst(100e6)).to.equal(25_000);
  });

  it('finds a burst in arrivals, however late they are seen', () => {
    const frame = 1514;
    // Three at once, then one for each 12.112 ms: the bucket holds three.
    const arrivals = [0, 0, 0, 12_112, 24_224];
    expect(burstOf(arrivals, frame, 1e6)).to.equal(3 * frame);
    expect(
      burstOf(
        arrivals.map((at) => at + 500),
        frame,
        1e6,
      ),
    ).to.be.lessThan(3 * frame);
    expect(burstOf([], frame, 1e6)).to.equal(0);
  });
});

describe('the bounds of the evaluation', () => {
  it('all hold where all is exact', () => {
    expect(missed(exactSamples())).to.deep.equal([]);
    expect(boundsOf(exactSamples())).to.have.length(11);
  });

  it('are not there where nothing was measured', () => {
    expect(boundsOf([])).to.deep.equal([]);
  });

  it('miss goodput that is 0.6 % off, but below 1 Mbit/s only what is 1.6 % off', () => {
    for (const [rate, share, held] of [
      [1e6, 1.004, true],
      [1e6, 1.006, false],
      [1e6, 0.994, false],
      [256e3, 0.986, true],
      [256e3, 0.984, false],
    ] as const) {
      const found = missed([throughput(rate, rate * GOODPUT.tcp * share)]);
      expect(found.length === 0, `${String(rate)} ${String(share)}`).to.equal(held);
    }
  });

  it('judge by what was not disturbed, as the watch alone says', () => {
    const bad = throughput(1e6, IDEAL * 0.9, STALLED, 1);
    const good = throughput(1e6, IDEAL, AWAKE, 2);
    expect(missed([bad, good])).to.deep.equal([]);
    // A measurement that is off is no reason to leave it out.
    expect(missed([throughput(1e6, IDEAL * 0.9, AWAKE, 1), good])).to.have.length(1);
    // Where all were disturbed, all count.
    expect(missed([bad])).to.have.length(1);
  });

  it('take a standstill for one only as far as the burst cannot make it good', () => {
    expect(missedShare(STALLED, 1e6)).to.be.closeTo(0.0012, 1e-6);
    expect(isStalled(STALLED, 1e6)).to.equal(true);
    // 96.9 ms at 500 kbit/s; 2 ms at 100 Mbit/s.
    expect(missedShare(STALLED, 500e3)).to.equal(0);
    expect(missedShare(STALLED, 100e6)).to.be.closeTo(0.0058448, 1e-9);
    // One that ends within an interval is met by one wake-up in interval / part, each of which stands for them all.
    expect(missedShare({ ...AWAKE, late: [3, 1.9, 2.1] }, 100e6)).to.be.closeTo(0.001, 1e-9);
    expect(isStalled(AWAKE, 500e6)).to.equal(false);
  });

  it('judge by the median of the repetitions', () => {
    const values = [1, 1, 0.9].map((share, i) => throughput(1e6, IDEAL * share, AWAKE, i + 1));
    expect(missed(values)).to.deep.equal([]);
    expect(missed(values.slice(1))).to.have.length(1);
  });

  it('allow a mean round trip 0.3 ms and 0.1 %, and a deviation of 0.1 ms', () => {
    expect(missed([roundTrips(100_000, [200.49, 200.49])])).to.deep.equal([]);
    expect(missed([roundTrips(100_000, [200.51, 200.51])])).to.have.length(1);
    expect(missed([roundTrips(100_000, [200, 200.3])])).to.have.length(1);
    const [row] = latencyRows([roundTrips(100_000, [200.2, 200.4])]);
    expect(row).to.include({ ideal: 200 });
    expect(row?.error).to.be.closeTo(0.3, 1e-9);
  });

  it('miss a burst above the allowed, a file that changed and one that was too fast', () => {
    const change = (kind: Sample['kind'], changes: object): Sample[] =>
      exactSamples().map((sample) => (sample.kind === kind ? { ...sample, ...changes } : sample));
    expect(missed(change('burst', { arrivals: [0, 0, 0, 0, 0] }))).to.have.length(1);
    expect(missed(change('task', { intact: false }))).to.have.length(1);
    expect(missed(change('task', { receiving: 8000 }))).to.have.length(1);
    expect(missed(change('random-loss', { passed: 9800, dropped: 200 }))).to.have.length(1);
    expect(missed(change('random-loss', { segments: 20_000 }))).to.have.length(1);
    expect(missed(change('burst-loss', { lengths: Array.from({ length: 20 }, () => 12) }))).to.have.length(1);
    expect(missed(change('delays', { delays: Array.from({ length: 500 }, () => 50_000) }))).to.have.length(1);
  });

  it('add up the tasks, beside the paper’s', () => {
    const [row] = table2Rows(exactSamples());
    expect(row).to.include({ rate: 1e6, tasks: 2, intact: 2, sending: 16_800, receiving: 16_800 });
    expect(row?.paper).to.deep.equal({ sending: 136_346, receiving: 113_167 });
  });

  it('are explained where they are missed, from the data', () => {
    const samples = [roundTrips(1000, [5, 6], STILL)];
    const [deviation] = deviationsOf(boundsOf(samples), samples);
    expect(deviation?.experiment).to.equal('latency');
    expect(deviation?.sentences.join(' '))
      .to.include('In 1 of 1 repetitions')
      .and.to.include('3.50 ms above');
    expect(deviationsOf(boundsOf(exactSamples()), exactSamples())).to.deep.equal([]);
  });
});
