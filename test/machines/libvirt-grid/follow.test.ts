import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { skipInSample } from '../../sample.js';
import { GUESTS } from './grid-files.js';
import { LibvirtGrid } from './libvirt-grid.js';
import { echoes } from './traffic.js';

/** Seconds of echoes, and milliseconds between two. */
const [DURATION, INTERVAL] = [45, 100];
/**
 * Milliseconds without an answer: the guest's own standstill, the look of `follow` (1 s) that finds it, and an apply on both hosts,
 * beside which guests are emulated.
 */
const UNREACHABLE = 20_000;

describe('a libvirt guest that moves behind overlays while follow runs', function () {
  this.timeout(600_000);
  const [mover, mate, , , , foreign] = GUESTS;
  let started: LibvirtGrid | undefined;
  let grid: LibvirtGrid;

  before(async function () {
    skipInSample(this, 'migrations behind overlays', 'test:machines');
    grid = started = await LibvirtGrid.start();
    await grid.write({ cluster: 'c', overlay: true });
    await grid.manage('apply');
  });

  after(() => started?.stop());

  it('is reached again, and by its own site alone', async () => {
    const following = grid.startNetmgr('follow', '--json');
    let said = '';
    following.streams[1]?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    try {
      await sleep(5000);
      for (const _ of [1, 2]) {
        const [from, asking] = [
          grid.hostOf(mover).name,
          echoes(grid.inside(mate), mover.address, DURATION, INTERVAL),
        ];
        await sleep(3000);
        const begin = Date.now();
        await grid.migrate(mover);
        const took = Date.now() - begin;
        const { sent, lost, standstill } = await asking;
        process.stdout.write(
          `    moved from ${from} in ${String(took)} ms; lost ${String(lost)} of ${String(sent)} echoes, ${String(standstill)} ms without any answer at most\n`,
        );
        expect(standstill).to.be.at.most(UNREACHABLE);
        const others = await echoes(grid.inside(foreign), mover.address, 1, INTERVAL);
        expect(others.lost).to.equal(others.sent);
      }
      expect(said.match(/"move":/g)).to.have.length(2);
      expect(said).not.to.contain('"errors"');
    } finally {
      following.kill('SIGINT');
      await following.ended;
    }
  });
});
