import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { sampled } from '../sample.js';
import { DRIFT_CASES } from './drift-cases.js';
import { DriftingLab } from './drifting-lab.js';
import { skipWithoutRoot } from './live-lab.js';

/** In the sample. */
const CASES = 5;

describe('drift', function () {
  let drifting: DriftingLab;

  before(async function () {
    skipWithoutRoot(this, 'drift');
    drifting = await DriftingLab.start();
  });

  after(async () => {
    await (drifting as DriftingLab | undefined)?.stop();
  });

  const isFound = async (): Promise<void> => {
    while (!(await drifting.found()).includes('should')) await delay(20);
  };

  describe('is named, and taken away by an apply of the same file:', () => {
    afterEach(() => drifting.apply());

    for (const { what, commands, says, isTold = false, cleanUp = [] } of sampled(DRIFT_CASES, CASES)) {
      it(what, async () => {
        await drifting.at(...commands);
        // Nobody asks, and no time for an examination comes.
        if (isTold) await isFound();
        expect(await drifting.examinedAnew()).to.deep.equal(says);
        await drifting.apply();
        await drifting.at(...cleanUp);
        expect(await drifting.examined()).to.deep.equal({ count: 0, drift: [] });
        expect(await drifting.differences()).to.deep.equal([]);
      });
    }
  });

  describe('is put right by the agent itself, if it may:', () => {
    before(async () => {
      await drifting.set('netemuCfgAutoRepair.0', 'i', '1');
    });

    after(async () => {
      await drifting.set('netemuCfgAutoRepair.0', 'i', '2');
    });

    const isRight = async (): Promise<void> => {
      while ((await drifting.differences()).length > 0) await delay(50);
    };

    for (const { what, commands, isTold = false, cleanUp = [] } of sampled(DRIFT_CASES, CASES)) {
      it(what, async () => {
        // Of what the kernel does not tell, time has to.
        await drifting.set('netemuCfgAuditInterval.0', 'u', isTold ? '0' : '1');
        await drifting.at(...commands);
        // A rule of somebody else stays behind ours.
        if (cleanUp.length > 0) await delay(2000);
        await drifting.at(...cleanUp);
        await isRight();
      });
    }
  });
});
