import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds over which a kernel is idle or not, and for which it is waited for at most. */
const LOOK = 500;
const PATIENCE = 10_000;
/** The share of idle time from which on nothing is going on. */
const IDLE = 0.95;

/** Waits until the lab's kernel has little to do: agents look over what they have just done. */
export async function untilIdle(): Promise<void> {
  const until = performance.now() + PATIENCE;
  for (let before = times(); performance.now() < until;) {
    await sleep(LOOK);
    const now = times();
    if ((now.idle - before.idle) / (now.all - before.all) >= IDLE) return;
    before = now;
  }
}

function times(): { idle: number; all: number } {
  const all = cpus().map((cpu) => cpu.times);
  return {
    idle: all.reduce((sum, { idle }) => sum + idle, 0),
    all: all.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
