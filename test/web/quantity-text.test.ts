import { expect } from 'chai';
import { loadOf } from '../../src/web/wire/load-of.js';
import {
  ageText,
  durationText,
  rateText,
  shareText,
  shortRateText,
} from '../../src/web/wire/quantity-text.js';

describe('quantities for reading', () => {
  for (const [text, expected] of [
    [rateText(0), '0 bit/s'],
    [rateText(999), '999 bit/s'],
    [rateText(999.7), '1 kbit/s'],
    [rateText(9_834_567), '9.83 Mbit/s'],
    [rateText(100e6), '100 Mbit/s'],
    [rateText(999_600_000), '1 Gbit/s'],
    [rateText(2e15), '2000 Tbit/s'],
    [shortRateText(9_834_567), '9.8M'],
    [shortRateText(14_400), '14k'],
    [shortRateText(0), '0'],
    [durationText(0), '0 µs'],
    [durationText(20_120), '20.1 ms'],
    [durationText(1_500_000), '1.5 s'],
    [shareText(0), '0 %'],
    [shareText(0.0123), '1.2 %'],
    [shareText(0.956), '96 %'],
    [ageText(5400), '5 s'],
    [ageText(180_000), '3 min'],
    [ageText(3 * 3_600_000), '3 h'],
  ] as const) {
    it(`are like ${expected}`, () => expect(text).to.equal(expected));
  }
});

describe('how busy something is', () => {
  for (const [share, rate, load] of [
    [0, 0, 'idle'],
    [0.2, 1, 'light'],
    [0.5, 1, 'busy'],
    [0.9, 1, 'heavy'],
    [0.97, 1, 'full'],
    [1.4, 1, 'full'],
    [undefined, undefined, 'idle'],
    [undefined, 0, 'idle'],
    [undefined, 5e6, 'open'],
  ] as const) {
    it(`is ${load} at ${String(share)} and ${String(rate)} bit/s`, () => {
      expect(loadOf(share, rate)).to.equal(load);
    });
  }
});
