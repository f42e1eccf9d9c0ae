import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSession } from '../snmp/agent-session.js';
import type { ExaminedStatus } from '../snmp/agent-status.js';
import { heldBy } from '../snmp/held-by.js';
import type { HostListener } from './apply-listener.js';
import { throwIfInterrupted } from './interruption.js';

/** Milliseconds between two looks at whether another manager is done. */
export const POLL = 1000;
/** Milliseconds that an agent may take to come back after snmpd answers; one that is dead takes longer to notice. */
export const LONGEST_ABSENCE = 5000;

export interface Waiting {
  /** Otherwise another manager is a failure. */
  readonly wait: boolean;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The agent's status once it is not busy and no other manager has a session there: a dead one's ends by its timeout.
 * An agent that is free costs one GET.
 *
 * @param heirOf an owner whose session may be gone on with
 * @throws NetmgrError `Conflict` that names the other manager, if it is not to be waited for
 */
export async function waitUntilFree(
  session: AgentSession,
  onStep: HostListener,
  { wait, signal }: Waiting,
  heirOf = '',
): Promise<ExaminedStatus> {
  const isFree = (owner: string): boolean => owner === '' || owner === heirOf;
  let said = '';
  for (;;) {
    const status = await session.examine(LONGEST_ABSENCE);
    if (isFree(status.owner)) return status;
    for (;;) {
      const { owner } = await session.settled();
      if (isFree(owner)) break;
      if (!wait) throw heldBy(owner, session.hostName);
      if (owner !== said) onStep(`wait for ${owner}`);
      said = owner;
      await pause(POLL, signal);
    }
  }
}

/** Waits so many milliseconds. @throws Interruption as soon as the signal comes */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfInterrupted(signal);
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  throwIfInterrupted(signal);
}
