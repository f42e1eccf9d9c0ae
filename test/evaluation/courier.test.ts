import { randomBytes } from 'node:crypto';
import type { Server } from 'node:net';
import { expect } from 'chai';
import { fetchFile, sendFile, serveCourier } from '../../src/evaluation/measure/courier.js';
import { burstLengths } from '../../src/evaluation/measure/measure-loss.js';
import { readDistributionTable } from '../../src/evaluation/measure/distribution-table.js';
import { mean, standardDeviation } from '../../src/statistics/summary.js';

const HOPS = ['127.0.0.1', '127.0.0.1', '127.0.0.1'];

describe('a courier of files', () => {
  let server: Server;

  before(async () => {
    server = await serveCourier('127.0.0.1');
  });

  after((done) => {
    server.close(done);
  });

  it('passes files on to others, and brings them back as they were', async () => {
    for (const size of [1, 100_000, 3_000_000]) {
      const file = randomBytes(size);
      await sendFile(HOPS, file);
      expect((await fetchFile(HOPS)).equals(file)).to.equal(true);
    }
  });

  it('says so where a file does not arrive', async () => {
    // Nobody is at this address.
    const lost = await sendFile(['127.0.0.1', '127.0.0.2'], Buffer.from('x')).then(
      () => 'arrived',
      () => 'failed',
    );
    expect(lost).to.equal('failed');
  });
});

describe('what the evaluation reads', () => {
  it('are the lengths of bursts that are missing, at the end too', () => {
    expect(burstLengths(new Set([0, 3, 4, 6]), 9)).to.deep.equal([2, 1, 2]);
    expect(burstLengths(new Set([0, 1]), 2)).to.deep.equal([]);
    expect(burstLengths(new Set(), 3)).to.deep.equal([3]);
  });

  it('are the tables of distributions, in standard deviations', async () => {
    const table = await readDistributionTable('normal');
    expect(mean(table)).to.be.closeTo(0, 0.01);
    expect(standardDeviation(table)).to.be.closeTo(1, 0.01);
  });
});
