import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { differencesOf } from '../../integration/kernel-dump.js';
import { skipInSample } from '../../sample.js';
import { until } from '../fixture.js';
import { ForeignFrames } from './foreign-frames.js';
import { dumpGrid } from './grid-dump.js';
import { GUESTS, RATES } from './grid-files.js';
import { LibvirtGrid } from './libvirt-grid.js';
import { TapWatch } from './tap-watch.js';
import { echoes, transfer } from './traffic.js';

const MIGRATIONS = 20;
/** Seconds of traffic around one migration, and milliseconds between two echoes. */
const [DURATION, INTERVAL] = [40, 20];
/** The first and last seconds of a transfer, in which TCP finds its rate and queues run empty. */
const MARGIN = 2;
/** What of a link's rate is TCP's data at most: of 1514 octets 1448 are, and bursts are of some frames. */
const MOST = 1.02;
/** And at least, where guests are emulated on a machine that is busy. */
const LEAST = 0.6;
/** Milliseconds: the agent's own bound is held where nothing else is at work. */
const SHAPED_WITHIN = 30_000;

const say = (text: string): void => {
  process.stdout.write(`    ${text}\n`);
};
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

describe('a libvirt guest that moves between hosts of a cluster while it works', function () {
  this.timeout(1_800_000);
  const [mover, , stayer, node2, , node3] = GUESTS;
  let started: LibvirtGrid | undefined;
  let grid: LibvirtGrid;

  before(async function () {
    skipInSample(this, 'live migrations in a cluster', 'test:machines');
    grid = started = await LibvirtGrid.start();
    await grid.write({ cluster: 'c' });
    await grid.manage('apply');
  });

  after(() => started?.stop());

  /** Moves the guest in the middle of a transfer to or from it, and of echoes to it. */
  const moveAtWork = async (direction: 'to it' | 'from it'): Promise<void> => {
    // To whom its announcements, and what a bridge floods, could come: another site's guest, and one of a site whose proxy it reaches.
    const foreigners = await Promise.all(
      [node2, node3].map(async (guest) =>
        ForeignFrames.count(grid.hostOf(guest), await grid.tapOf(guest), [mover.mac]),
      ),
    );
    const destination = grid.hosts[grid.hostOf(mover).name === 'host1' ? 'host2' : 'host1'];
    const watch = new TapWatch(destination);
    try {
      const [sender, receiver] = direction === 'to it' ? [stayer, mover] : [mover, stayer];
      const sending = transfer(
        () => grid.inside(sender),
        () => grid.inside(receiver),
        receiver.address,
        DURATION,
      );
      const asking = echoes(grid.inside(stayer), mover.address, DURATION, INTERVAL);
      await sleep((DURATION * 1000) / 3);
      const shaping = watch.shaped(SHAPED_WITHIN);
      const begin = Date.now();
      await grid.migrate(mover);
      const end = Date.now();
      const { after, tap } = await shaping;
      const { sent, lost, standstill } = await asking;
      const { received, error } = await sending;
      const job = await destination.libvirt.virsh('domjobinfo', '--completed', mover.name);
      const downtime = Number(/^Total downtime:\s+(\d+)/m.exec(job.stdout)?.[1]);
      say(
        `moved in ${String(end - begin)} ms, stood still for ${String(downtime)} ms; its tap there was shaped after ${String(after)} ms`,
      );
      say(
        `lost ${String(lost)} of ${String(sent)} echoes, one each ${String(INTERVAL)} ms; ${String(standstill)} ms without any answer at most`,
      );
      say(`kbit/s ${direction}: ${received.map((rate) => rate.toFixed(0)).join(' ')}`);
      expect((watch.appeared.get(tap) ?? Infinity) + after, 'shaped before it runs').to.be.below(end);
      expect(error, 'its connection').to.equal(undefined);
      // What waited in queues while it stood still comes at once.
      const most = RATES.sites12 * (MOST + downtime / 1000);
      for (const rate of received.slice(MARGIN)) expect(rate).to.be.at.most(most);
      const quarter = Math.floor(received.length / 4);
      expect(mean(received.slice(MARGIN, quarter)), 'before').to.be.at.least(RATES.sites12 * LEAST);
      expect(mean(received.slice(-quarter, -1)), 'after').to.be.at.least(RATES.sites12 * LEAST);
    } finally {
      await watch.stop();
      for (const foreigner of foreigners) {
        const { foreign, all } = await foreigner.seen();
        say(`another site's guest was handed ${String(foreign)} frames of it, of ${String(all)} in all`);
        expect(foreign).to.equal(0);
        await foreigner.stop();
      }
    }
  };

  for (const direction of ['to it', 'from it'] as const) {
    it(`keeps its connection and its bandwidth ${direction}, and no other site sees a frame of it`, () =>
      moveAtWork(direction));
  }

  it(`leaves nothing behind, however often it moves`, async () => {
    const before = await dumpGrid(grid);
    for (let i = 0; i < MIGRATIONS; i++) await grid.migrate(mover);
    await until(
      'nothing differs',
      async () => differencesOf(before, await dumpGrid(grid)).length === 0,
      SHAPED_WITHIN,
    ).catch(async () => {
      expect(differencesOf(before, await dumpGrid(grid))).to.deep.equal([]);
    });
    expect((await grid.netmgr('apply')).stdout).to.contain('nothing to do');
    const status = (await grid.netmgr('status', '--no-rates')).stdout;
    const here = new RegExp(`${grid.hostOf(mover).name} +\\S+ +${mover.name} +applied`);
    expect(status).to.match(here).and.not.contain('absent');
  });
});
