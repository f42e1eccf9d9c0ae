import { NetmgrError } from '../../errors.js';
import { isHalfway } from '../snmp/action-outcome.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { hasGoneBack, sameAgent, type DecidedHost, type Decision } from './decision.js';

/** Another host of a decision. */
export interface Peer {
  readonly session: AgentSession;
  readonly decided: DecidedHost;
}

/** The other hosts of a decision that may be asked, those that keep to it already among them. */
export function peersOf(
  { hosts, finished }: Decision,
  host: DecidedHost,
  sessions: readonly AgentSession[],
): readonly Peer[] {
  return [...hosts, ...finished]
    .filter((other) => other !== host)
    .flatMap((decided) => {
      const session = sessions.find((each) => sameAgent(each.snmp.agent, decided.agent));
      return session === undefined ? [] : [{ session, decided }];
    });
}

/**
 * Whether one of them neither runs what was decided nor has gone back by itself: somebody has applied something else
 * since, and to all hosts. One that cannot be asked tells nothing.
 *
 * @throws NetmgrError `Conflict` if that is not decided yet
 */
export async function wereLedElsewhere(peers: readonly Peer[]): Promise<boolean> {
  const results = await Promise.allSettled(peers.map(({ session }) => session.settled()));
  const elsewhere = peers.flatMap(({ session, decided }, i) => {
    const result = results[i];
    if (result?.status !== 'fulfilled' || isHalfway(result.value)) return [];
    const { runningDigest, state } = result.value;
    const isAsDecided = decided.configuration.digest().equals(runningDigest);
    if (isAsDecided || hasGoneBack(result.value, decided)) return [];
    return [{ session, isFinal: state !== 'confirmWait' }];
  });
  const undecided = elsewhere.find(({ isFinal }) => !isFinal);
  if (undecided === undefined) return elsewhere.length > 0;
  throw new NetmgrError({
    kind: 'Conflict',
    message: 'another manager has committed something else here and not decided yet',
    subject: undecided.session.hostName,
    hint: 'Try again when it has, or when the host has gone back by itself.',
  });
}
