import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { GUESTS } from './grid-files.js';
import { LibvirtGrid } from './libvirt-grid.js';
import { echoes } from './traffic.js';

/** Milliseconds one way, between sites. */
const LATENCY = 100;
/** Seconds of echoes around one migration, and milliseconds between two of them. */
const [DURATION, INTERVAL] = [120, 200];
/** Moves to the other host and back. */
const MOVES = 2;
/** Milliseconds that the guests themselves, emulated in an emulated kernel, may take for most of the answers. */
const GUESTS_OWN = 60;

const say = (text: string): void => {
  process.stdout.write(`    ${text}\n`);
};

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Infinity;

/** Runs in a kernel that has NetEm: see latency.test.ts. */
describe('a libvirt guest that moves, behind a link with latency', function () {
  this.timeout(1_500_000);
  const [mover, , stayer] = GUESTS;
  const guests = [mover, stayer];
  let started: LibvirtGrid | undefined;
  let grid: LibvirtGrid;

  before(async () => {
    grid = started = await LibvirtGrid.start([], guests);
    await grid.write({ cluster: 'c', latency: LATENCY, guests });
    say((await grid.manage('apply')).trim());
  });

  after(() => started?.stop());

  it('is never nearer than the file says, at neither host nor in between', async () => {
    for (let move = 0; move < MOVES; move++) {
      const asking = echoes(grid.inside(stayer), mover.address, DURATION, INTERVAL);
      await sleep((DURATION * 1000) / 4);
      const begin = performance.now();
      await grid.migrate(mover);
      const took = performance.now() - begin;
      const { sent, lost, standstill, times } = await asking;
      expect(took, 'ms for which it moved').to.be.below(DURATION * 500);
      const quarter = Math.floor(times.length / 4);
      const [first, last] = [median(times.slice(0, quarter)), median(times.slice(-quarter))];
      const shortest = Math.min(...times);
      say(
        `moved in ${took.toFixed(0)} ms; lost ${String(lost)} of ${String(sent)} echoes, ${String(standstill)} ms without any answer at most`,
      );
      say(
        `ms there and back: ${shortest.toFixed(1)} at least; ${first.toFixed(1)} before and ${last.toFixed(1)} after in most cases`,
      );
      expect(shortest, 'ms').to.be.at.least(2 * LATENCY);
      expect(first, 'ms before').to.be.at.most(2 * LATENCY + GUESTS_OWN);
      expect(last, 'ms after').to.be.at.most(2 * LATENCY + GUESTS_OWN);
    }
  });
});
