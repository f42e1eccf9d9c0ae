import { expect } from 'chai';
import { delayQuestions, judgeDelays } from '../../../src/manager/verify/delay.js';
import type { EchoResult, Failed } from '../../../src/manager/probe/prober.js';
import { judgeRate, rateQuestions } from '../../../src/manager/verify/rate.js';
import { judgeReach, reachQuestions } from '../../../src/manager/verify/reach.js';
import type { Measurement } from '../../../src/manager/verify/verdict.js';
import { realXml, virtualXml, wantedNetwork } from '../merge/environments.js';

const site = (name: string, vm: string, i: number): string =>
  `<site name="${name}" network="10.${String(i)}.0.0/24"><node vm="${vm}" address="10.${String(i)}.0.1" role="proxy"><access mtu="1500B"/></node></site>`;

async function between(attributes: string): ReturnType<typeof wantedNetwork> {
  return wantedNetwork(
    realXml([['a'], ['b']]),
    virtualXml(`${site('A', 'a', 1)}${site('B', 'b', 2)}<link from="A" to="B" ${attributes}/>`),
  );
}

const echo = (received: number, rttMin = 0, rttAvg = rttMin, sent = 10): EchoResult => ({
  ...{ sent, received, rttMin, rttAvg, rttMax: rttAvg },
});

async function delays(
  attributes: string,
  result: EchoResult | Failed,
  base?: number,
): Promise<readonly (readonly [Measurement['quantity'], Measurement['verdict']])[]> {
  const questions = delayQuestions(await between(attributes));
  expect(questions).to.have.length(1);
  return judgeDelays(questions, [result], () => base).map(({ quantity, verdict }) => [quantity, verdict]);
}

describe('the judgement of round trips', () => {
  it('takes the shortest without jitter, which may be a little more than asked and not less', async () => {
    const asked = 'latency="20ms"';
    expect(await delays(asked, echo(10, 40_000))).to.deep.equal([['latency', 'holds']]);
    expect(await delays(asked, echo(10, 42_800, 90_000))).to.deep.equal([['latency', 'holds']]);
    expect(await delays(asked, echo(10, 42_801))).to.deep.equal([['latency', 'off']]);
    expect(await delays(asked, echo(10, 39_899))).to.deep.equal([['latency', 'off']]);
    // A long way between the hosts explains it.
    expect(await delays(asked, echo(10, 42_801), 500)).to.deep.equal([['latency', 'holds']]);
  });

  it('takes the mean with jitter, as far as chance may move it', async () => {
    const asked = 'latency="20ms" jitter="5ms"';
    expect(await delays(asked, echo(10, 31_000, 48_000))).to.deep.equal([['latency', 'holds']]);
    expect(await delays(asked, echo(10, 31_000, 54_000))).to.deep.equal([['latency', 'off']]);
  });

  it('holds losses against the binomial distribution, and long bursts against fewer of them', async () => {
    const asked = 'loss="10%"';
    const lost = async (count: number, attributes = asked): Promise<unknown> =>
      (await delays(attributes, echo(200 - count, 100, 100, 200))).find(
        ([quantity]) => quantity === 'loss',
      )?.[1];
    expect(await lost(38)).to.equal('holds');
    expect(await lost(64)).to.equal('off');
    expect(await lost(12)).to.equal('off');
    const bursts = 'gemodel-p="1%" gemodel-r="10%"';
    expect(await lost(64, bursts)).to.equal('holds');
  });

  it('tells losses where none are asked, and no answer at all as off', async () => {
    expect(await delays('latency="20ms"', echo(5, 40_000))).to.deep.equal([
      ['latency', 'holds'],
      ['loss', 'off'],
    ]);
    expect(await delays('latency="20ms"', echo(0))).to.deep.equal([['latency', 'off']]);
    expect(await delays('latency="20ms"', { failure: 'h1 does not answer' })).to.deep.equal([
      ['latency', 'unknown'],
    ]);
  });
});

describe('the judgement of streams and ways', () => {
  it('allows a stream 5 % less and 3 % more than its data', async () => {
    const [question] = rateQuestions(await between('bandwidth="10mbit"'));
    if (question === undefined) throw new Error('no question');
    const verdict = (share: number): string =>
      judgeRate(question, { octets: (share * 10e6 * 1472) / 1514 / 8, duration: 1e6 }).verdict;
    expect([0.94, 0.951, 1, 1.029, 1.04].map(verdict)).to.deep.equal([
      'off',
      'holds',
      'holds',
      'holds',
      'off',
    ]);
    expect(judgeRate(question, { octets: 0, duration: 0 }).verdict).to.equal('off');
    expect(judgeRate(question, { failure: 'no iperf3' })).to.include({
      verdict: 'unknown',
      note: 'no iperf3',
    });
  });

  it('tells a way that is answered and should not be, one that is not, and one that was not probed', async () => {
    const questions = reachQuestions(await between('bandwidth="10mbit"'));
    // Each way, and one packet from each node that is as large as it may be.
    expect(questions.map(({ expected, request }) => [expected, request.size])).to.deep.equal([
      ['answer', 56],
      ['answer', 56],
      ['answer', 1472],
      ['answer', 1472],
    ]);
    const good = questions.map(() => echo(1));
    expect(judgeReach(questions, good)).to.deep.equal([]);
    const bad = [echo(0), { failure: 'gone' }, echo(1), echo(0)];
    expect(judgeReach(questions, bad).map(({ question, got }) => [question.largest, got])).to.deep.equal([
      [undefined, 'silence'],
      [undefined, { failure: 'gone' }],
      [1500, 'silence'],
    ]);
    const closed = reachQuestions(await between('state="down"'));
    expect(
      judgeReach(
        closed,
        closed.map(() => echo(1, 100)),
      ),
    ).to.have.length(4);
  });
});
