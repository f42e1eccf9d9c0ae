import { failuresOf, rejectionsOf, throwIfAny } from '../../errors.js';
import type { AgentSession, SessionSettings } from '../snmp/agent-session.js';
import { heldBy } from '../snmp/held-by.js';

/** Managers that have met each other try again after up to so many milliseconds, each after another time. */
export const LONGEST_STEP_BACK = 1000;

/**
 * Opens a session on all hosts, or on none: two managers that hold a part each would wait for each other forever.
 *
 * @returns whether all are ours
 * @throws NetmgrError or ApplyError if a host fails, or if another manager is not to be waited for
 */
export async function claimAll(
  sessions: readonly AgentSession[],
  settings: SessionSettings,
  wait: boolean,
): Promise<boolean> {
  const claims = await Promise.allSettled(
    sessions.map(async (session) => {
      const other = await session.open(settings);
      return other === undefined ? [] : [heldBy(other, session.hostName)];
    }),
  );
  const others = claims.flatMap((claim) => (claim.status === 'fulfilled' ? claim.value : []));
  const failures = rejectionsOf(claims);
  if (others.length === 0 && failures.length === 0) return true;
  await releaseAll(sessions);
  throwIfAny([...failures, ...(wait ? [] : others)], 'nothing was applied');
  return false;
}

/** Ends the sessions. One that cannot be ended now ends by its timeout, so a failure here changes nothing. */
export async function releaseAll(sessions: readonly AgentSession[]): Promise<void> {
  await Promise.allSettled(sessions.map((session) => session.release()));
}

/** Keeps the sessions open during the work, of which one host's part may take longer than another's session lasts. */
export async function keepingOpen<T>(
  sessions: readonly AgentSession[],
  ownerTimeout: number,
  work: () => Promise<T>,
): Promise<T> {
  const interval = (ownerTimeout * 1000) / 3;
  const timer = setInterval(() => {
    // A host that cannot be reached is a matter of the work.
    for (const session of sessions) session.keep(interval).catch(failuresOf);
  }, interval);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
