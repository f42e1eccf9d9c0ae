import { expect } from 'chai';
import { newsJson, newsText } from '../../../src/cli/output/news-text.js';
import type { News } from '../../../src/mib/notifications.js';

const of = (news: News, host?: string) => ({
  ...{ time: new Date('2026-01-31T12:00:00Z'), source: '10.0.0.1', host, news },
});

describe('a notification on a terminal', () => {
  const cases: [News, string][] = [
    [
      {
        ...{ name: 'commitDone', generation: 7, runningDigest: Buffer.alloc(32, 0xab) },
        ...{ runningLabel: 'grid', owner: 'me@here 1 0123456789ab' },
      },
      'runs grid now (generation 7, abababab), by me@here 1',
    ],
    [
      { name: 'commitDone', generation: 8, runningDigest: Buffer.alloc(32), runningLabel: '', owner: '' },
      'runs nothing now (generation 8, 00000000)',
    ],
    [
      {
        ...{ name: 'commitFailed', result: 'validationFailed', errorCount: 3 },
        ...{ resultText: 'no \u001b[31mdevice', label: 'grid', owner: '' },
      },
      'grid failed: no ?[31mdevice and 2 more',
    ],
    [
      { name: 'driftDetected', driftCount: 1, generation: 7 },
      'drift: the kernel differs in 1 place from generation 7',
    ],
    [{ name: 'driftCleared', generation: 7 }, 'drift is over: the kernel is as it should be'],
    [{ name: 'vifFailed', vif: 'vif1.0', oper: 'absent', ifIndex: 0, lastError: '' }, 'vif vif1.0 is absent'],
  ];
  for (const [news, text] of cases) {
    it(`reads: ${text}`, () => {
      expect(newsText(of(news, 'host1'))).to.equal(`12:00:00 host1: ${text}`);
    });
  }

  it('has the address of a sender that is no host', () => {
    expect(newsText(of({ name: 'driftCleared', generation: 7 }))).to.match(/^12:00:00 10\.0\.0\.1: /);
  });

  it('is a line of JSON for programs, with digests in hexadecimal', () => {
    const [[news]] = cases as [[News, string]];
    expect(JSON.parse(newsJson(of(news, 'host1')))).to.deep.equal({
      ...{ time: '2026-01-31T12:00:00.000Z', host: 'host1', source: '10.0.0.1', notification: 'commitDone' },
      values: {
        generation: 7,
        runningDigest: 'ab'.repeat(32),
        runningLabel: 'grid',
        owner: 'me@here 1 0123456789ab',
      },
    });
  });
});
