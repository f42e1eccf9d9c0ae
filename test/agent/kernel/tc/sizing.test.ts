import { expect } from 'chai';
import { burstOf, sizeLeaf, sizeNetem, sizeTbf } from '../../../../src/agent/kernel/tc/sizing.js';

describe('sizing', () => {
  it('lets a burst last 1 ms, with two frames at least and four below 10 Mbit/s', () => {
    expect([1e6, 9_999_000, 10e6, 24e6, 100e6, 1e9].map(burstOf)).to.deep.equal([
      6056, 6056, 3028, 3028, 12_500, 125_000,
    ]);
  });

  it('sizes the queue by the delay, with 50 ms at least', () => {
    expect(sizeTbf({ bandwidth: 1000, latency: 0 })).to.deep.equal({
      rate: 1e6,
      burst: 6056,
      limit: 6250 + 6056,
    });
    expect(sizeTbf({ bandwidth: 1000, latency: 70_000, jitter: 5000 })?.limit).to.equal(18_750 + 6056);
  });

  it('takes what is asked for', () => {
    const asked = { bandwidth: 8000, latency: 10_000, burst: 9000, queue: 100_000, limit: 77 };
    expect(sizeTbf(asked)).to.deep.equal({ rate: 8e6, burst: 9000, limit: 109_000 });
    expect(sizeNetem(asked)).to.deep.equal({ latency: 10_000, limit: 77 });
  });

  it('gives netem room for what is on the way and for the queue', () => {
    expect(sizeNetem({ bandwidth: 1000, latency: 20_000 })?.limit).to.equal(1000);
    // 1.5 · 125,000,000 B/s · 0.1 s / 1514 B and 125,000,000 B/s · 0.2 s / 1514 B
    expect(sizeNetem({ bandwidth: 1_000_000, latency: 100_000 })?.limit).to.equal(12_385 + 16_513);
  });

  it('leaves out what is not asked for', () => {
    expect(sizeLeaf({ bandwidth: 0, latency: 0 })).to.deep.equal({});
    expect(sizeTbf({ bandwidth: 0, latency: 5 })).to.equal(undefined);
    expect(sizeNetem({ bandwidth: 5, latency: 0 })).to.equal(undefined);
  });

  it("gives no leaf more than its machine's line", () => {
    expect(sizeLeaf({ bandwidth: 0, latency: 0 }, 500).tbf?.rate).to.equal(500_000);
    expect(sizeLeaf({ bandwidth: 900, latency: 0 }, 500).tbf?.rate).to.equal(500_000);
    expect(sizeLeaf({ bandwidth: 100, latency: 0 }, 500).tbf?.rate).to.equal(100_000);
  });
});
