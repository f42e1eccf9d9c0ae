import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFailure } from '../host-status.js';
import { askOrFail, withTargets, type DiscoverOptions, type DiscoveryTarget } from './discover.js';
import type { DiscoveredHost } from './discovered.js';
import { MachineChanges, type DiscoveredChange } from './machine-changes.js';

export interface WatchMachinesSettings {
  /** Milliseconds from one look at a host to the next. */
  readonly interval: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears of the first look at each host. */
  readonly onFirst: (host: DiscoveredHost) => void;
  /** Hears of what has changed since. */
  readonly onChange: (change: DiscoveredChange) => void;
  /** Hears of a host that cannot be asked, once until it answers again. */
  readonly onFailure: (failure: HostFailure) => void;
  /** Hears that it does. */
  readonly onAnswer: (host: string) => void;
}

/**
 * Asks hosts again and again what runs there, and tells what changes, until it is ended. Each host is asked by itself: one that does
 * not answer holds up no other, and what is on it is not said to be gone.
 *
 * @throws NetmgrError if credentials are missing
 */
export async function watchMachines(
  targets: readonly DiscoveryTarget[],
  options: DiscoverOptions,
  settings: WatchMachinesSettings,
): Promise<void> {
  const { interval, signal } = settings;
  const changes = new MachineChanges();
  const isOver = (): boolean => signal.aborted;
  const ended = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  await withTargets(targets, options, async (asked) => {
    await Promise.all(
      asked.map(async (one) => {
        let isFirst = true;
        let isFailing = false;
        while (!isOver()) {
          const rest = sleep(interval, undefined, { signal }).catch(() => undefined);
          // One that does not answer is not waited for at the end.
          const answer = await Promise.race([askOrFail(one, options), ended]);
          if (answer === undefined || isOver()) return;
          if ('errors' in answer) {
            if (!isFailing) settings.onFailure(answer);
            isFailing = true;
          } else {
            if (isFailing && !isFirst) settings.onAnswer(answer.name);
            isFailing = false;
            if (isFirst) settings.onFirst(answer);
            isFirst = false;
            for (const change of changes.see(answer)) settings.onChange(change);
          }
          await rest;
        }
      }),
    );
  });
}
