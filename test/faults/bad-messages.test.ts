import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { PAIR, skipWithoutRoot } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { opposite, type Name } from './two-configurations.js';
import { isAll, skipInSample } from '../sample.js';

const MANAGE = fileURLToPath(new URL('manage-over-bad-wires.ts', import.meta.url));
const APPLIES = isAll ? 40 : 2;

interface Answer {
  readonly errors: readonly ErrorReport[];
  readonly counts: readonly { sent: number; lost: number; duplicated: number }[];
}

describe('messages that get lost, come twice, late and in another order', function () {
  let pair: FaultyPair;
  const counts = { applies: 0, sent: 0, lost: 0, duplicated: 0 };

  before(async function () {
    skipWithoutRoot(this, 'bad messages');
    pair = await FaultyPair.start();
  });

  after(async () => {
    const { applies, sent, lost, duplicated } = counts;
    process.stdout.write(
      `    applies: ${String(applies)}; messages: ${String(sent)}, lost: ${String(lost)}, doubled: ${String(duplicated)}\n`,
    );
    await pair.lab.stop();
  });

  it('do no harm: each apply does what it says', async function () {
    skipInSample(this, 'bad messages');
    this.timeout(60_000 * (APPLIES + 1));
    let running: Name = 'one';
    const seed = Math.floor(Math.random() * 2 ** 31);
    for (let i = 0; i < APPLIES; i++) {
      const target = opposite(running);
      const { exitCode, stdout, stderr } = await pair.lab.try([
        ...([process.execPath, '--import', import.meta.resolve('tsx'), MANAGE] as const),
        ...[PAIR, pair.files[target], String(seed + i)],
      ]);
      expect(exitCode, stderr).to.equal(0);
      const answer = JSON.parse(stdout) as Answer;
      counts.applies++;
      for (const { sent, lost, duplicated } of answer.counts) {
        counts.sent += sent;
        counts.lost += lost;
        counts.duplicated += duplicated;
      }
      expect(answer.errors, `seed ${String(seed + i)}`).to.deep.equal([]);
      expect(await pair.settled()).to.equal(target);
      await pair.expectExactly(target);
      running = target;
    }
    expect(counts.lost).to.be.greaterThan(0);
    expect(counts.duplicated).to.be.greaterThan(0);
  });
});
