import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveLab } from '../integration/live-lab.js';

const RELEASE = '9';
/** Milliseconds after which an agent has looked over what it has done. */
const SETTLED = 8000;

/** Lets an agent look at its host only when it is asked to: what it starts takes the one CPU for longer than a burst. */
export async function leaveAlone(lab: LiveLab, host: string): Promise<void> {
  await lab.run(
    ...(['snmpset', host, 'netemuCfgOwner.0', 's', 'fidelity', 'netemuCfgAuditInterval.0'] as const),
    ...['u', '0', 'netemuCfgAction.0', 'i', RELEASE],
  );
}

/** Waits until it has looked over the last commit. */
export async function settled(): Promise<void> {
  await sleep(SETTLED);
}
