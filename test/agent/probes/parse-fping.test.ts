import { expect } from 'chai';
import { parseFping } from '../../../src/agent/probes/parse-fping.js';
import { NetmgrError } from '../../../src/errors.js';

describe('what fping prints', () => {
  const read: [string, string, string[], number, Record<string, number[]>][] = [
    ['three answers', '10.2.0.1 : 40.1 40.25 0.047\n', ['10.2.0.1'], 3, { '10.2.0.1': [40_100, 40_250, 47] }],
    ['none in time', '10.2.0.1 : - - -\n', ['10.2.0.1'], 3, { '10.2.0.1': [] }],
    ['some in time', '10.2.0.1 : - 123 -\n', ['10.2.0.1'], 3, { '10.2.0.1': [123_000] }],
    [
      'names that are filled up, in another order',
      'fd00:2::1 : 1.5\nfd00::1   : -\n',
      ['fd00::1', 'fd00:2::1'],
      1,
      { 'fd00:2::1': [1500], 'fd00::1': [] },
    ],
    ['a link-local address', 'fe80::1%eth0 : 0.05\n', ['fe80::1%eth0'], 1, { 'fe80::1%eth0': [50] }],
    ['what takes very long', '10.2.0.1 : 1.000e+06\n', ['10.2.0.1'], 1, { '10.2.0.1': [1_000_000_000] }],
  ];
  for (const [what, output, targets, count, times] of read) {
    it(`is read: ${what}`, () => {
      expect(Object.fromEntries(parseFping(output, targets, count))).to.deep.equal(times);
    });
  }

  const refused: [string, string, RegExp][] = [
    ['nothing', '', /^fping says nothing of 10\.2\.0\.1$/],
    ['another target', '10.2.0.2 : 1.0 1.0\n', /^10\.2\.0\.2 : 1\.0 1\.0$/],
    ['too few times', '10.2.0.1 : 1.0\n', /^10\.2\.0\.1 : 1\.0$/],
    ['too many times', '10.2.0.1 : 1.0 1.0 1.0\n', /1\.0/],
    ['a time that is none', '10.2.0.1 : 1.0 NaN\n', /NaN/],
    ['a negative time', '10.2.0.1 : 1.0 -1.0\n', /-1\.0/],
    ['words alone', 'fping: cannot bind source address : Cannot assign\n', /cannot bind source address/],
  ];
  for (const [what, output, words] of refused) {
    it(`is refused: ${what}`, () => {
      expect(() => parseFping(output, ['10.2.0.1'], 2))
        .to.throw(NetmgrError, words)
        .with.property('kind', 'CommandFailed');
    });
  }

  it('counts no target twice', () => {
    const twice = '10.2.0.1 : 1.0\n10.2.0.1 : 2.0\n';
    expect(parseFping(twice, ['10.2.0.1'], 1).get('10.2.0.1')).to.deep.equal([1000]);
  });
});
