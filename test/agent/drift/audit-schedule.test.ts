import { expect } from 'chai';
import { stretchOf } from '../../../src/agent/drift/audit-schedule.js';

describe('the schedule of examinations', () => {
  it('makes longer what would cost more than 1 % of the processor with the default of 30 s', () => {
    expect(stretchOf(0.015)).to.equal(1);
    expect(stretchOf(0.3)).to.equal(1);
    for (const used of [0.31, 1.5, 3]) {
      expect(used / (30 * stretchOf(used))).to.be.closeTo(0.01, 1e-9);
    }
  });
});
