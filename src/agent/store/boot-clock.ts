import { readFile } from 'node:fs/promises';
import { readBootId } from '../../process/boot-id.js';

/** A moment that a restart of the agent does not move, and a restart of the host makes meaningless. */
export interface BootTime {
  /** Of `readBootId`. */
  readonly boot: string;
  /** CLOCK_BOOTTIME: seconds since the boot, those of a suspended host included. */
  readonly seconds: number;
}

/** Reads the present moment. */
export type BootClock = () => Promise<BootTime>;

/** The kernel's clock. /proc/uptime counts CLOCK_BOOTTIME (fs/proc/uptime.c), which Node cannot read by itself. */
export const readBootClock: BootClock = async () => {
  const [boot, uptime] = await Promise.all([readBootId(), readFile('/proc/uptime', 'latin1')]);
  return { boot, seconds: Number(uptime.split(' ')[0]) };
};
