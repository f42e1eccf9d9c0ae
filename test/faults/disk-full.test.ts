import { expect } from 'chai';
import { skipWithoutRoot } from '../integration/live-lab.js';
import { fillFile } from './fault.js';
import { FaultyPair } from './faulty-pair.js';
import { skipInSample } from '../sample.js';
import { opposite, type Name } from './two-configurations.js';

const HOST = 'host2';

describe('an agent whose disk is full', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { full: 0, failed: 0 };

  before(async function () {
    skipWithoutRoot(this, 'full disks');
    pair = await FaultyPair.start();
    await pair.giveDisk(HOST);
  });

  after(async () => {
    process.stdout.write(
      `    disks full: ${String(counts.full)} times; ${String(counts.failed)} applies failed\n`,
    );
    await pair.lab.stop();
  });

  /** The numbers of the steps at which a file is written in a commit. */
  const writes = async (): Promise<number[]> => {
    await pair.arm(HOST, {});
    const target = opposite(running);
    expect((await pair.apply(target)).ok).to.equal(true);
    running = target;
    const steps = await pair.disarm(HOST);
    return steps.flatMap((step, i) => (/^(write|sync) \w/.test(step) ? [i + 1] : []));
  };

  it('is left whole, at whatever write that happens, and says what is the matter', async function () {
    skipInSample(this, 'a full disk at each write of an agent');
    const chosen = await writes();
    this.timeout(60_000 + chosen.length * 60_000);
    for (const fills of chosen) {
      const target = opposite(running);
      await pair.arm(HOST, { fills });
      const { ok, errors } = await pair.apply(target, '--confirm-timeout', '3');
      await pair.disarm(HOST);
      counts.full++;
      if (!ok) {
        counts.failed++;
        expect(JSON.stringify(errors), `full at step ${String(fills)}`).to.match(/no space left|confirm/i);
      }
      await pair.lab.run('rm', '-f', fillFile(HOST));
      // What was decided and could not be written down is completed by whoever asks next.
      await pair.lab.try(['netmgr', 'status', pair.real]);
      const now = await pair.settled();
      if (ok) expect(now).to.equal(target);
      await pair.expectExactly(now);
      expect(await pair.apply(target)).to.deep.equal({ ok: true, errors: [] });
      await pair.expectExactly(target);
      running = target;
    }
  });
});
