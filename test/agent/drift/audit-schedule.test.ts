import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { AuditSchedule, stretchOf } from '../../../src/agent/drift/audit-schedule.js';

describe('the schedule of examinations', () => {
  it('makes longer what would cost more than 1 % of the processor with the default of 30 s', () => {
    expect(stretchOf(0.015)).to.equal(1);
    expect(stretchOf(0.2)).to.equal(1);
    for (const used of [0.31, 1.5, 3]) {
      expect(used / (30 * stretchOf(used))).to.be.closeTo(0.02 / 3, 1e-9);
    }
  });

  it('does not keep a machine that has come waiting for the pause behind an examination', async () => {
    const length = 300;
    let begun = 0;
    let goesOn = (): void => undefined;
    const again = new Promise<string>((resolve) => (goesOn = () => resolve('the examination')));
    const ended = new Promise<AuditSchedule>((resolve) => {
      const schedule = new AuditSchedule({
        audit: async () => {
          begun += 1;
          if (begun > 1) {
            goesOn();
            return;
          }
          await sleep(length);
          // The examination's own end comes behind what it has waited for.
          setImmediate(() => resolve(schedule));
        },
        interval: () => 0,
        waitingFor: () => undefined,
      });
      schedule.start();
    });
    const schedule = await ended;
    try {
      schedule.soon();
      const pause = sleep(3 * length, 'the pause');
      schedule.urgently();
      expect(await Promise.race([again, pause])).to.equal('the examination');
    } finally {
      schedule.stop();
    }
  });
});
