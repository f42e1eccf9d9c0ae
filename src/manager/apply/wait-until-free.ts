import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSession } from '../snmp/agent-session.js';
import type { CommitStatus } from '../snmp/agent-status.js';
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
 *
 * @param read asks for the status once the agent is not busy
 * @param heirOf an owner whose session may be gone on with
 * @throws NetmgrError `Conflict` that names the other manager, if it is not to be waited for
 */
export async function waitUntilFree<S extends CommitStatus>(
  session: AgentSession,
  read: () => Promise<S>,
  onStep: HostListener,
  { wait, signal }: Waiting,
  heirOf = '',
): Promise<S> {
  const isFree = (owner: string): boolean => owner === '' || owner === heirOf;
  let said = '';
  for (;;) {
    const status = await read();
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
