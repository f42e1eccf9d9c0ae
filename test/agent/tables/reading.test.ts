import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Reading } from '../../../src/agent/tables/reading.js';

describe('a reading of the kernel', () => {
  it('serves all who ask meanwhile and a moment later, but is of one thing only', async () => {
    let reads = 0;
    const reading = new Reading(
      async () => {
        await sleep(10);
        reads++;
      },
      () => undefined,
    );
    await Promise.all([reading.refresh('a'), reading.refresh('a')]);
    await reading.refresh('a');
    expect(reads).to.equal(1);
    await reading.refresh('b');
    expect(reads).to.equal(2);
  });

  it('says why it failed, and does not try again at once', async () => {
    const errors: unknown[] = [];
    const reading = new Reading(
      () => Promise.reject(new Error('no kernel')),
      (error) => errors.push(error),
    );
    await reading.refresh('a');
    await reading.refresh('a');
    expect(errors.map(String)).to.deep.equal(['Error: no kernel']);
  });
});
