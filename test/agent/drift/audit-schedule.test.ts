import { expect } from 'chai';
import { stretchOf } from '../../../src/agent/drift/audit-schedule.js';

/** Microseconds, as process.cpuUsage() has them. */
const used = (user: number, system: number): number => stretchOf({ user, system });

describe('the schedule of examinations', () => {
  it('makes longer what would cost more than 1 % of the processor with the default of 30 s', () => {
    expect(used(10_000, 5_000)).to.equal(1);
    expect(used(200_000, 100_000)).to.equal(1);
    for (const [user, system] of [
      [1_000_000, 500_000],
      [0, 3_000_000],
    ] as const) {
      const share = (user + system) / 1e6 / (30 * used(user, system));
      expect(share).to.be.closeTo(0.01, 1e-9);
    }
  });
});
