import { performance } from 'node:perf_hooks';

const TIME_TICKS = 2 ** 32;

/** The master's sysUpTime between the moments it tells it, by the monotonic clock. */
export class MasterClock {
  #told: { readonly sysUpTime: number; readonly at: number } | undefined;

  /** Takes what a Response of the master says, in hundredths of a second. */
  set(sysUpTime: number): void {
    this.#told = { sysUpTime, at: performance.now() };
  }

  /** Hundredths of a second, modulo 2^32 as TimeTicks are; 0 before the master told any. */
  now(): number {
    if (this.#told === undefined) return 0;
    const elapsed = Math.floor((performance.now() - this.#told.at) / 10);
    return (this.#told.sysUpTime + elapsed) % TIME_TICKS;
  }
}
