import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnWays, Place } from './own-ways.js';
import type { ProbeRequest } from './probe-request.js';

/**
 * Lets a machine answer by a device whom it has no route to, until its time is over or nobody wants it any more. Without a
 * way back an echo that got through would never be seen.
 *
 * @throws NetmgrError `CommandFailed`
 */
export async function runAnswer(ways: OwnWays, place: Place, request: ProbeRequest): Promise<void> {
  const { row, signal } = request;
  await ways.answer(place, async () => {
    if (signal.aborted) return;
    request.running();
    await sleep(row.duration, undefined, { signal }).catch(() => undefined);
  });
  request.done({});
}
