import { setTimeout as sleep } from 'node:timers/promises';
import { quietCommand } from '../../src/evaluation/measure/quiet-agents.js';
import type { LiveLab } from '../integration/live-lab.js';

/** Milliseconds after which an agent has looked over what it has done. */
const SETTLED = 8000;

/** Lets an agent look at its host only when it is asked to: what it starts takes the one CPU for longer than a burst. */
export async function leaveAlone(lab: LiveLab, host: string): Promise<void> {
  await lab.run(...quietCommand(host));
}

/** Waits until it has looked over the last commit. */
export async function settled(): Promise<void> {
  await sleep(SETTLED);
}
