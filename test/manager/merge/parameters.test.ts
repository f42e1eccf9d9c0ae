import { expect } from 'chai';
import { Profiles } from '../../../src/manager/merge/profiles.js';
import { checkParameters } from '../../../src/manager/merge/check-parameters.js';
import { overridden, through } from '../../../src/manager/merge/parameters.js';
import { Duration } from '../../../src/units/duration.js';
import { Ratio } from '../../../src/units/ratio.js';

const ms = (text: string): Duration => Duration.parse(text);
const ratio = (text: string): Ratio => Ratio.parse(text);
const plain = (parameters: object): unknown => JSON.parse(JSON.stringify(parameters));

describe('the parameters of links', () => {
  it('win one by one over those of less specific links', () => {
    const site = { latency: ms('20ms'), loss: ratio('1%') };
    const node = { latency: ms('90ms'), state: 'down' } as const;
    expect(plain(overridden([site, node]))).to.deep.equal({ latency: '90ms', loss: '1%', state: 'down' });
    expect(overridden([undefined, {}])).to.deep.equal({});
  });

  it('have one model of loss, the more specific one', () => {
    const random = { loss: ratio('1%'), lossCorrelation: ratio('25%') };
    const bursts = { gemodelP: ratio('2%'), gemodelR: ratio('20%') };
    expect(plain(overridden([random, bursts]))).to.deep.equal({ gemodelP: '2%', gemodelR: '20%' });
    expect(plain(overridden([bursts, random]))).to.deep.equal({ loss: '1%', lossCorrelation: '25%' });
  });

  it('add up with those of the lines at both ends', () => {
    const link = { latency: ms('20ms'), jitter: ms('2ms'), loss: ratio('10%'), corrupt: ratio('1%') };
    const line = { latency: ms('1ms'), jitter: ms('500us'), loss: ratio('10%'), duplicate: ratio('1%') };
    expect(plain(through(link, [line, line]))).to.deep.equal({
      ...{ latency: '22ms', jitter: '3ms', corrupt: '1%' },
      // 1 - 0.9 * 0.9 * 0.9, and 1 - 0.99 * 0.99
      ...{ loss: '27.1%', duplicate: '1.99%' },
    });
    expect(through({}, [{}, { state: 'down' }]).state).to.equal('down');
    expect(through({}, [])).to.deep.equal({});
  });

  it('lose in each state of Gilbert-Elliott what the lines lose besides', () => {
    const link = { gemodelP: ratio('2%'), gemodelBad: ratio('50%') };
    const result = plain(through(link, [{ loss: ratio('10%') }, {}]));
    // 1 - 0.5 * 0.9
    expect(result).to.deep.equal({ gemodelP: '2%', gemodelBad: '55%', gemodelGood: '10%' });
  });

  it('are the same profile whether lines say nothing or what changes nothing', () => {
    for (const link of [
      { gemodelP: ratio('2%') },
      { gemodelP: ratio('2%'), gemodelBad: ratio('100%') },
      { loss: ratio('3%'), latency: ms('5ms'), duplicate: ratio('1%') },
    ]) {
      const profiles = new Profiles();
      const [silent, neutral] = [
        [{}, {}],
        [{}, { loss: ratio('0%'), latency: ms('0us') }],
      ].map((lines) => profiles.indexOf(through(link, lines)));
      expect(silent).to.equal(neutral);
    }
    const profiles = new Profiles();
    const bad = { gemodelP: ratio('2%'), gemodelBad: ratio('100%') };
    expect(profiles.indexOf(through({ gemodelP: ratio('2%') }, [{}]))).to.equal(
      profiles.indexOf(through(bad, [{}])),
    );
  });

  it('lose in a correlated way besides what the lines lose', () => {
    const link = { loss: ratio('10%'), lossCorrelation: ratio('50%') };
    expect(plain(through(link, [{}, {}]))).to.deep.equal(plain(link));
    // p = 0.1 * 0.5, r = 0.9 * 0.5
    expect(plain(through(link, [{ loss: ratio('1%') }]))).to.deep.equal({
      ...{ gemodelP: '5%', gemodelR: '45%', gemodelBad: '100%', gemodelGood: '1%' },
    });
  });

  it('are told where they have no effect or cannot be', () => {
    const words = (parameters: Parameters<typeof checkParameters>[0]): string[] =>
      checkParameters(parameters).map(({ message }) => message);
    expect(words({ latency: ms('5ms'), jitter: ms('5ms'), distribution: 'normal' })).to.deep.equal([]);
    expect(words({ distribution: 'normal' })).to.deep.equal(['distribution without jitter has no effect']);
    expect(words({ gemodelR: ratio('5%') })).to.deep.equal(['gemodel-r without gemodel-p has no effect']);
    expect(words({ latency: ms('1ms'), jitter: ms('2ms') })).to.deep.equal([
      'the jitter 2ms is more than the latency 1ms',
    ]);
    expect(words({ loss: ratio('0.01%'), lossCorrelation: ratio('99%') })).to.deep.equal([]);
    expect(words({ loss: ratio('0.01%'), lossCorrelation: ratio('99.1%') })).to.deep.equal([
      'a loss of 0.01% cannot have the correlation 99.1%',
    ]);
    expect(words({ loss: ratio('1%'), gemodelP: ratio('1%') })).to.have.length(1);
  });
});
