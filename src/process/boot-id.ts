import { readFile } from 'node:fs/promises';

/** The kernel's name for its present life (random(4)). */
export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
}
