import { expect } from 'chai';
import { didYouMean } from '../../../src/manager/xml/did-you-mean.js';
import { printable } from '../../../src/manager/xml/printable.js';

describe('didYouMean', () => {
  for (const [word, meant] of [
    ['hots', 'host'],
    ['addres', 'address'],
    ['Bandwith', 'bandwidth'],
    ['colour', undefined],
    ['x'.repeat(100_000), undefined],
  ] as const) {
    it(`takes ${word.slice(0, 10)} for ${String(meant)}`, () => {
      expect(didYouMean(word, ['host', 'address', 'bandwidth', 'name'])).to.equal(meant);
    });
  }
});

describe('printable', () => {
  it('escapes what a terminal would obey and what turns text around', () => {
    expect(printable('a\u001b[31m\n\u0000\u202eb\u2028\ud800')).to.equal(
      'a\\u{1b}[31m\\u{a}\\u{0}\\u{202e}b\\u{2028}\\u{d800}',
    );
  });

  it('cuts what is long', () => {
    expect(printable('ü'.repeat(1000))).to.equal(`${'ü'.repeat(80)}…`);
  });
});
