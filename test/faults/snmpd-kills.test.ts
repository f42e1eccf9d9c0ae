import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { PAIR, skipWithoutRoot } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { sampled } from '../sample.js';
import { HOSTS, opposite, type HostName, type Name } from './two-configurations.js';

const MANAGE = fileURLToPath(new URL('manage-past-snmpd.ts', import.meta.url));
/** Milliseconds after a SET is sent: before it arrives, while it is worked on, when its answer is under way or seen. */
const DELAYS = [0, 1, 4, 15];

interface Kill {
  readonly host: HostName;
  /** The number of the SET, from 1. */
  readonly at: number;
  readonly after: number;
}

interface Answer {
  readonly errors: readonly ErrorReport[];
  readonly sets: number;
  readonly killed: number;
}

describe('an snmpd that is killed', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { kills: 0, applied: 0, failed: 0 };

  before(async function () {
    skipWithoutRoot(this, 'killed snmpds');
    pair = await FaultyPair.start();
  });

  after(async () => {
    const { kills, applied, failed } = counts;
    process.stdout.write(
      `    snmpds killed: ${String(kills)} times; ${String(applied)} applies succeeded nevertheless, ${String(failed)} failed\n`,
    );
    await pair.lab.stop();
  });

  const apply = async (host: HostName, at = 0, after = 0): Promise<Answer> => {
    const { exitCode, stdout, stderr } = await pair.lab.try([
      ...([process.execPath, '--import', import.meta.resolve('tsx'), MANAGE] as const),
      ...[PAIR, pair.files[opposite(running)], host, String(at), String(after)],
    ]);
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout) as Answer;
  };

  const kill = async ({ host, at, after }: Kill): Promise<void> => {
    const target = opposite(running);
    const { errors, killed } = await apply(host, at, after);
    expect(killed, 'it was killed').to.be.greaterThan(0);
    counts.kills++;
    counts[errors.length === 0 ? 'applied' : 'failed']++;
    await pair.expectTruth();
    const now = await pair.settled();
    if (errors.length === 0) expect(now).to.equal(target);
    await pair.expectExactly(now);
    expect(await pair.apply(target)).to.deep.equal({ ok: true, errors: [] });
    await pair.expectExactly(target);
    running = target;
  };

  it('while SETs are under way, at any of them, leaves the hosts whole', async function () {
    this.timeout(120_000);
    const kills: Kill[] = [];
    for (const host of HOSTS) {
      const { errors, sets } = await apply(host);
      expect(errors).to.deep.equal([]);
      running = await pair.settled();
      for (let at = 1; at <= sets; at++) kills.push(...DELAYS.map((after) => ({ host, at, after })));
    }
    const chosen = sampled(kills, 1);
    this.timeout(120_000 + chosen.length * 60_000);
    process.stdout.write(
      `    ${String(chosen.length)} of ${String(kills.length)} moments to kill an snmpd at\n`,
    );
    for (const one of chosen) {
      try {
        await kill(one);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        throw new Error(
          `${one.host}, SET ${String(one.at)}, ${String(one.after)} ms after it was sent: ${words}`,
          { cause: error },
        );
      }
    }
  });
});
