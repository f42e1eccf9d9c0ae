import { expect } from 'chai';
import { burstOf, sizeLeaf, sizeNetem, sizeTbf } from '../../../../src/agent/kernel/tc/sizing.js';

describe('sizing', () => {
  it('lets a burst last 2 ms, with four frames at least', () => {
    expect([1e6, 10e6, 24e6, 24.4e6, 100e6, 1e9].map((rate) => burstOf(rate))).to.deep.equal([
      6056, 6056, 6056, 6100, 25_000, 250_000,
    ]);
  });

  it('lets no frame be longer than a burst, whatever the MTU', () => {
    expect(burstOf(1e6, 9000)).to.equal(4 * 9014);
    expect(burstOf(1e6, 1280)).to.equal(6056);
    expect(sizeLeaf({ bandwidth: 1000, latency: 0 }, 0, 9000).tbf?.burst).to.equal(36_056);
  });

  it('cuts super-packets where they could need most of the burst, and frames leave room for it', () => {
    const splits = (bandwidth: number, burst = 0, mtu = 1500): boolean =>
      sizeTbf({ bandwidth, latency: 0, burst }, mtu)?.splits === true;
    expect([1000, 100_000, 262_000, 263_000].map((bandwidth) => splits(bandwidth))).to.deep.equal([
      ...[true, true, true, false],
    ]);
    expect(splits(1000, 6055)).to.equal(false);
    expect(splits(1000, 6056, 9000)).to.equal(false);
    expect(splits(1000, 0, 9000)).to.equal(true);
  });

  it('sizes the queue by the delay, with 50 ms at least', () => {
    expect(sizeTbf({ bandwidth: 1000, latency: 0 })).to.deep.equal({
      rate: 1e6,
      burst: 6056,
      limit: 6250 + 6056,
      splits: true,
    });
    expect(sizeTbf({ bandwidth: 1000, latency: 70_000, jitter: 5000 })?.limit).to.equal(18_750 + 6056);
  });

  it('takes what is asked for', () => {
    const asked = { bandwidth: 8000, latency: 10_000, burst: 9000, queue: 100_000, limit: 77 };
    expect(sizeTbf(asked)).to.deep.equal({ rate: 8e6, burst: 9000, limit: 109_000, splits: true });
    expect(sizeNetem(asked)).to.deep.equal({ latency: 10_000, limit: 77 });
  });

  it('gives netem room for what is on the way and for the queue', () => {
    expect(sizeNetem({ bandwidth: 1000, latency: 20_000 })?.limit).to.equal(1000);
    // 1.5 · 125,000,000 B/s · 0.1 s / 1514 B and 125,000,000 B/s · 0.2 s / 1514 B
    expect(sizeNetem({ bandwidth: 1_000_000, latency: 100_000 })?.limit).to.equal(12_385 + 16_513);
  });

  it('holds the longest delay of the jitter, and tells the distribution by the limit', () => {
    const asked = { bandwidth: 0, latency: 20_000, jitter: 10_000, limit: 2000 };
    expect(sizeNetem(asked)).to.deep.equal({
      latency: 20_000,
      jitter: { jitter: 10_000, distribution: 'uniform', reorders: false },
      limit: 2000,
    });
    expect(sizeNetem({ ...asked, distribution: 'paretonormal' })?.limit).to.equal(2003);
    // 1.5 · 1,250,000,000 B/s · 0.06 s / 1514 B and 1,250,000,000 B/s · 0.12 s / 1514 B, and 1 of four for normal
    expect(sizeNetem({ ...asked, limit: 0, distribution: 'normal' })?.limit).to.equal(173_385);
  });

  it('splits super-packets only where each packet has a fate of its own', () => {
    const plain = { bandwidth: 1000, latency: 20_000 };
    expect(sizeLeaf(plain).splitter).to.equal(undefined);
    for (const fate of [
      { jitter: 2000 },
      { loss: 1 },
      { duplicate: 1 },
      { corrupt: 1 },
      { reorder: 1 },
      { lossModel: 'gemodel', gemodelP: 1 },
    ] as const) {
      expect(sizeLeaf({ ...plain, ...fate }, 0, 9000).splitter, JSON.stringify(fate)).to.deep.equal({
        longest: 9018,
      });
    }
  });

  it('takes a queue in octets and packets, and the framing', () => {
    const slow = { bandwidth: 1000, latency: 0 };
    expect(sizeTbf({ ...slow, queueOctets: 10_000 })?.limit).to.equal(16_056);
    expect(sizeTbf({ ...slow, queuePackets: 10 })?.limit).to.equal(15_140 + 6056);
    expect(sizeTbf({ ...slow, framing: 'ethernet' })).to.include({ wire: true });
  });

  it('cuts a line that is down, whatever else it is asked', () => {
    const leaf = sizeLeaf({ bandwidth: 1000, latency: 5000, state: 'down' }, 500);
    expect(leaf.netem?.loss).to.deep.equal({ model: 'random', share: 1_000_000 });
    expect(Object.keys(leaf)).to.deep.equal(['netem']);
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
