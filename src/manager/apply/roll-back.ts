import { setTimeout as sleep } from 'node:timers/promises';
import { failuresOf, NetmgrError } from '../../errors.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { isHalfway, sameOctets } from '../snmp/action-outcome.js';

const POLL = 1000;
/** Milliseconds beyond the host's own timer: then it has gone back, or is not there to do it. */
const SPARE = 15_000;
/** Milliseconds; who asked for a longer timer is told rather than kept waiting. */
const LONGEST = 120_000;
/** How often a host may refuse. */
const REFUSALS = 3;

/**
 * Leads a host back to what it ran before, however often its agent has to be asked: a commit that nobody confirms goes
 * back by itself too, and then there is nothing to do.
 *
 * @param digest what it ran
 * @param confirmTimeout seconds after which it goes back by itself
 * @throws NetmgrError `NotApplied` that says what will become of the host
 */
export async function rollBack(
  session: AgentSession,
  digest: Uint8Array,
  confirmTimeout: number,
): Promise<void> {
  const deadline = performance.now() + Math.min(confirmTimeout * 1000 + SPARE, LONGEST);
  let goesBackAt: number | undefined;
  let isBetween = false;
  for (let refusals = 0; ;) {
    try {
      const status = await session.settled();
      const { state, runningDigest, confirmRemaining } = status;
      isBetween = isHalfway(status);
      if (state !== 'confirmWait' && !isBetween && sameOctets(runningDigest, digest)) return;
      goesBackAt = state === 'confirmWait' ? performance.now() + confirmRemaining * 1000 : undefined;
      await session.act('rollback', digest);
      return;
    } catch (error) {
      if (!failuresOf(error).some(({ kind }) => kind === 'Unreachable')) refusals++;
      if (performance.now() > deadline || refusals === REFUSALS) {
        const then = isBetween
          ? 'it stands half-way between two configurations, and its agent tries again by itself'
          : whatFollows(goesBackAt, confirmTimeout);
        throw notLedBack(session.hostName, error, then);
      }
      await sleep(POLL);
    }
  }
}

function notLedBack(subject: string, cause: unknown, then: string): NetmgrError {
  const why = failuresOf(cause)
    .map(({ message }) => message)
    .join('; ');
  return new NetmgrError({
    kind: 'NotApplied',
    message: `could not be led back to what it ran before (${why}); ${then}`,
    subject,
    hint: 'See with `netmgr status` what it runs once it answers, and apply again.',
    cause,
  });
}

/** What becomes of a host that was not seen to go back. */
function whatFollows(goesBackAt: number | undefined, confirmTimeout: number): string {
  if (goesBackAt === undefined)
    return `if it has committed, it goes back by itself ${String(confirmTimeout)} s after that, or when it starts again`;
  const remaining = Math.ceil((goesBackAt - performance.now()) / 1000);
  return remaining > 0
    ? `it will go back by itself in ${String(remaining)} s, or when it starts again`
    : 'its time to confirm is over: it has gone back by itself, or will when it starts again';
}
