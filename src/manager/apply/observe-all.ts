import { onAll } from './on-all.js';
import type { ObservedHost } from './observed-host.js';
import { LONGEST_ABSENCE, waitUntilFree, type Waiting } from './wait-until-free.js';

export interface Observing extends Waiting {
  /** Whether to examine only those hosts that run what is wanted; it costs these one GET more. Default: false. */
  readonly expectsChange?: boolean;
}

/**
 * Asks all agents what they run and whether their kernels agree with that, once each is free.
 *
 * @param conclusion what it comes to if one cannot be asked
 * @returns whether nothing is to do anywhere
 * @throws NetmgrError or ApplyError with what every host had to say
 */
export async function observeAll(
  hosts: readonly ObservedHost[],
  observing: Observing,
  conclusion?: string,
): Promise<boolean> {
  await onAll(
    hosts,
    async (host) => {
      host.onStep('read');
      const { session, onStep } = host;
      const read = async () => {
        if (observing.expectsChange === true) await host.look(LONGEST_ABSENCE);
        else host.before = await session.examine(LONGEST_ABSENCE);
        return host.before;
      };
      await waitUntilFree(session, read, onStep, observing);
    },
    conclusion,
  );
  return hosts.every(({ isDone }) => isDone);
}
