import { readFile } from 'node:fs/promises';

/** A moment that a restart of the agent does not move, and a restart of the host makes meaningless. */
export interface BootTime {
  /** The kernel's name for its present life (random(4)). */
  readonly boot: string;
  /** CLOCK_BOOTTIME: seconds since the boot, those of a suspended host included. */
  readonly seconds: number;
}

/** Reads the present moment. */
export type BootClock = () => Promise<BootTime>;

/** The kernel's clock. /proc/uptime counts CLOCK_BOOTTIME (fs/proc/uptime.c), which Node cannot read by itself. */
export const readBootClock: BootClock = async () => {
  const [boot, uptime] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
    readFile('/proc/uptime', 'latin1'),
  ]);
  return { boot: boot.trim(), seconds: Number(uptime.split(' ')[0]) };
};
