import { onAll } from './on-all.js';
import type { ObservedHost } from './observed-host.js';
import { waitUntilFree, type Waiting } from './wait-until-free.js';

/**
 * Asks all agents what they run and whether their kernels agree with that, once each is free.
 *
 * @param conclusion what it comes to if one cannot be asked
 * @returns whether nothing is to do anywhere
 * @throws NetmgrError or ApplyError with what every host had to say
 */
export async function observeAll(
  hosts: readonly ObservedHost[],
  waiting: Waiting,
  conclusion?: string,
): Promise<boolean> {
  await onAll(
    hosts,
    async (host) => {
      host.onStep('read');
      host.before = await waitUntilFree(host.session, host.onStep, waiting);
    },
    conclusion,
  );
  return hosts.every(({ isDone }) => isDone);
}
