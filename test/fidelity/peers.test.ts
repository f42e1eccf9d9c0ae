import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { requireBuild } from '../lab/lab-process.js';
import { LiveLab, UML_LAB } from '../integration/live-lab.js';
import { leaveAlone, settled } from './leave-alone.js';
import { untilQuiet } from './until-quiet.js';
import { skipInSample } from '../sample.js';
import { FREE, HUB, LONE, manyReal, manyVirtual, peersOf, PLAIN, type Peer } from './many-peers.js';
import { median } from '../../src/statistics/summary.js';
import { expectNear } from './statistics.js';

const SENDERS = fileURLToPath(new URL('senders-main.mjs', import.meta.url));
const PEERS = peersOf(250);
/** Times are measured so often at most: the kernel has one CPU, and the machine may have other work. */
const ATTEMPTS = 4;
/** How often two ways are compared, one after the other. */
const ROUNDS = 5;
/** Seconds. */
const SHORT = 6;
/** Octets of data in a frame of 1514, with time stamps. */
const GOODPUT = 1448 / 1514;

describe(`a vif with ${String(PEERS.length)} peers`, function () {
  this.timeout(1_800_000);
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-peers-'));
  const real = join(directory, 'real.xml');
  let lab: LiveLab;
  /** Milliseconds of a round trip without any delay. */
  let base = 0;

  before(async function () {
    skipInSample(this, 'a vif with many peers', 'test:fidelity');
    requireBuild();
    writeFileSync(real, manyReal(PEERS));
    lab = await LiveLab.start([real], {}, UML_LAB);
    await leaveAlone(lab, 'host1');
    await applied([]);
    base = await roundTrip(FREE.machine, HUB.address);
    process.stdout.write(`    without emulation a round trip takes ${base.toFixed(2)} ms\n`);
    await applied(PEERS);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const applied = async (linked: readonly Peer[]): Promise<void> => {
    const path = `${lab.directory}/many.xml`;
    await lab.write(path, manyVirtual(PEERS, linked));
    const { errors } = await lab.manage('apply', real, path);
    expect(errors).to.deep.equal([]);
  };

  /** The mean of many, in milliseconds. */
  const roundTrip = async (machine: string, address: string): Promise<number> => {
    const said = await lab.at(machine, `ping -q -c 50 -i 0.05 ${address}`);
    const mean = /= [\d.]+\/([\d.]+)\//.exec(said)?.[1];
    if (mean === undefined) throw new Error(said);
    return Number(mean);
  };

  const goodput = (from: string, address: string, seconds: number): Promise<number> =>
    lab.order({ type: 'throughput', flow: { from, to: HUB.machine, address }, seconds });

  /** A few that are spread over all, of all that fit. */
  const some = (fits: (peer: Peer) => boolean): readonly Peer[] => {
    const all = PEERS.filter(fits);
    return [0, 0.35, 0.7, 0.999].flatMap((share) => all.slice(Math.floor(share * all.length)).slice(0, 1));
  };

  const LATE = some(({ shape }) => shape.latency !== undefined && shape.bandwidth === undefined);
  const SLOW = some(({ shape }) => shape.bandwidth !== undefined);

  it('delays what comes from each as long as its link says, for both IP versions', async () => {
    for (const { machine, shape } of LATE) {
      for (const address of [HUB.address, HUB.address6]) {
        await untilQuiet(ATTEMPTS, async () => {
          const asked = (shape.latency ?? 0) + base;
          expectNear(
            `${machine} ms to ${address}`,
            await roundTrip(machine, address),
            asked,
            0.3 + asked / 1000,
          );
        });
      }
    }
  });

  it('gives each the bandwidth that its link says, for both IP versions', async () => {
    await settled();
    for (const [i, { machine, shape }] of SLOW.entries()) {
      const address = i % 2 === 0 ? HUB.address : HUB.address6;
      const share = i % 2 === 0 ? GOODPUT : GOODPUT - 20 / 1514;
      await untilQuiet(ATTEMPTS, async () => {
        const asked = (shape.bandwidth ?? 0) * share;
        expectNear(
          `${machine} Mbit/s to ${address}`,
          (await goodput(machine, address, 10)) / 1e6,
          asked,
          asked * 0.005,
        );
      });
    }
  });

  /**
   * How much the free machine sends to each in turn, in medians of rounds: a machine that is slow for a while is so for all of
   * them.
   */
  const inTurn = async <T extends { readonly machine: string; readonly address: string }>(
    receivers: readonly T[],
    around: (receiver: T, measure: () => Promise<number>) => Promise<number>,
  ): Promise<number[]> => {
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const rates: number[] = [];
      for (const receiver of receivers) {
        const { machine, address } = receiver;
        rates.push(
          await around(receiver, () =>
            lab.order({
              ...{ type: 'throughput', flow: { from: FREE.machine, to: machine, address } },
              seconds: SHORT,
            }),
          ),
        );
      }
      rounds.push(rates);
      const words = receivers.map(
        ({ machine }, i) => `${((rates[i] ?? 0) / 1e9).toFixed(2)} Gbit/s to ${machine}`,
      );
      process.stdout.write(`    ${words.join(', ')}\n`);
    }
    const ratios = receivers.map((_, i) =>
      median(rounds.map((rates) => (rates[0] ?? 0) / (rates[i] ?? Infinity))),
    );
    const words = receivers.map(({ machine }, i) => `${((ratios[i] ?? 0) * 100).toFixed(0)} % of ${machine}`);
    process.stdout.write(`    ${HUB.machine} has ${words.slice(1).join(', ')}\n`);
    return ratios;
  };

  it('costs an unshaped pair no more with all idle peers than with one, and a quarter at most of what it has without', async () => {
    await settled();
    // It is drift, which the next apply mends.
    await lab.at('host1', `tc qdisc del dev ${PLAIN.vif} root`);
    const [, ofLone = 0, ofPlain = 0] = await inTurn([HUB, LONE, PLAIN], (_receiver, measure) => measure());
    expect(ofLone).to.be.at.least(0.95);
    expect(ofPlain).to.be.at.least(0.75);
  });

  it('leaves an unshaped pair nearly half of what it has beside the same senders without links', async () => {
    await applied(PEERS.map((peer) => ({ ...peer, shape: { latency: 25 } })));
    await settled();
    const machines = PEERS.map(({ machine }) => machine);
    const [, ofPlain = 0] = await inTurn([HUB, PLAIN], async ({ address }, measure) => {
      const senders = lab.run(process.execPath, SENDERS, address, '50', String(SHORT + 12), ...machines);
      await sleep(8000);
      const rate = await measure();
      await senders;
      return rate;
    });
    expect(ofPlain).to.be.at.least(0.45);
  });
});
