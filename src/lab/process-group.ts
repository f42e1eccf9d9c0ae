import { setTimeout as delay } from 'node:timers/promises';

const CHECK = 10;
const PATIENCE = 2000;

/** Fulfils when no process of a group is left, or after two seconds: a killed process still ends its system call. */
export async function groupIsGone(group: number): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += CHECK) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await delay(CHECK);
  }
}
