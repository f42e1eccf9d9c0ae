import { failuresOf } from '../../errors.js';
import type { AgentSession, SessionSettings } from '../snmp/agent-session.js';
import type { Candidate } from '../snmp/candidate.js';
import { heldBy } from '../snmp/held-by.js';
import type { HostListener } from './apply-listener.js';
import type { Wanted } from './participant.js';

const ATTEMPTS = 3;

/**
 * Writes what is wanted to the candidate of an open session, and has the agent validate it. An agent that is started
 * again forgets its candidate; it is then written again.
 *
 * @returns what the candidate held before, and how many rows were written or removed
 * @throws NetmgrError or ApplyError with what stands in the way; nothing was touched
 */
export async function prepare(
  wanted: Wanted,
  session: AgentSession,
  settings: SessionSettings,
  onStep: HostListener,
): Promise<Pick<Candidate, 'observed' | 'changes'>> {
  for (let attempt = 1; ; attempt++) {
    try {
      onStep('write');
      const candidate = await session.candidate(wanted.configuration, (done, all) =>
        onStep('write', { done, all, unit: 'rows' }),
      );
      await wanted.apply(candidate);
      onStep('validate');
      await session.act('validate', wanted.configuration.digest());
      return candidate;
    } catch (error) {
      const { owner, result } = await session.settled();
      const wasLost =
        owner !== session.owner ||
        result === 'digestMismatch' ||
        failuresOf(error).some(({ kind }) => kind === 'Unreachable');
      if (!wasLost || attempt === ATTEMPTS) throw error;
      const other = await session.open(settings);
      if (other !== undefined) throw heldBy(other, session.hostName);
    }
  }
}
