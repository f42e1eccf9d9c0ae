import { readBootClock } from '../store/boot-clock.js';

/** What VM-MIB (RFC 7666) says of a number of processors or an amount of memory that has no limit. */
export const NO_LIMIT = -1;

/** TimeTicks are hundredths of a second, modulo 2^32 (RFC 2578). */
const TICKS = 100;
const TICKS_END = 2 ** 32;

/** vmHvUpTime: how long the host has been up, where the platform has no clock of its own. */
export async function hvUpTime(): Promise<number> {
  const { seconds } = await readBootClock();
  return Math.floor(seconds * TICKS) % TICKS_END;
}
