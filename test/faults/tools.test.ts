import { expect } from 'chai';
import { skipWithoutRoot } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { sampled } from '../sample.js';
import { opposite, type Name } from './two-configurations.js';

const HOST = 'host2';
const TOOLS = ['tc', 'ip', 'ipset', 'nft', 'iptables-nft-restore', 'ip6tables-nft-restore'] as const;

describe('a tool of a host', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { missing: 0, failing: 0 };

  before(async function () {
    skipWithoutRoot(this, 'missing and failing tools');
    pair = await FaultyPair.start();
  });

  after(async () => {
    process.stdout.write(
      `    tools missing: ${String(counts.missing)} times; failing half-way: ${String(counts.failing)} times\n`,
    );
    await pair.lab.stop();
  });

  const expectUndone = async (): Promise<void> => {
    expect(await pair.settled()).to.equal(running);
    await pair.expectExactly(running);
    const target = opposite(running);
    expect(await pair.apply(target)).to.deep.equal({ ok: true, errors: [] });
    await pair.expectExactly(target);
    running = target;
  };

  for (const tool of sampled(TOOLS, 2)) {
    it(`that is missing from any step of a commit on leaves the hosts whole once it is back: ${tool}`, async function () {
      this.timeout(180_000);
      await pair.arm(HOST, {});
      expect((await pair.apply(opposite(running))).ok).to.equal(true);
      running = opposite(running);
      const steps = await pair.disarm(HOST);
      // From the start, and from each command on.
      const from = [0, ...steps.flatMap((step, i) => (step.startsWith('after ') ? [i + 1] : []))];
      const chosen = sampled(from, 1);
      this.timeout(60_000 + chosen.length * 60_000);
      for (const at of chosen) {
        await pair.arm(HOST, { misses: { at, tool } });
        const { ok, errors } = await pair.apply(opposite(running));
        counts.missing++;
        if (ok) {
          // It was not needed any more.
          running = opposite(running);
        } else {
          expect(JSON.stringify(errors), `missing from step ${String(at)} on`).to.contain('not installed');
        }
        // Half-way, if there is no way back without the tool; and it says so.
        await pair.expectTruth();
        await pair.disarm(HOST);
        await pair.expectTruth();
        await expectUndone();
      }
    });
  }

  for (const tool of sampled(TOOLS, 2)) {
    it(`that fails half-way leaves the hosts whole: ${tool}`, async function () {
      this.timeout(180_000);
      for (let way = 0; way < 2; way++) {
        await pair.arm(HOST, { fails: tool });
        const { ok, errors } = await pair.apply(opposite(running));
        const isUsed = !(await pair.isArmed(HOST));
        await pair.disarm(HOST);
        expect(ok, 'it fails where the tool was used').to.equal(!isUsed);
        if (ok) {
          running = opposite(running);
          continue;
        }
        counts.failing++;
        expect(JSON.stringify(errors)).to.contain('the test says no');
        await expectUndone();
      }
    });
  }
});
