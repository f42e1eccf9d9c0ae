import { failuresOf, NetmgrError } from '../../errors.js';
import type { AgentSession } from '../snmp/agent-session.js';
import type { ApplyListener, HostListener } from './apply-listener.js';
import type { ApplySettings } from './apply-settings.js';
import { sameAgent, type DecidedHost, type StoredDecision } from './decision.js';
import type { DecisionStore } from './decision-store.js';
import { finishHost, type Finish } from './finish-host.js';
import { peersOf, type Peer } from './peer.js';
import { LONGEST_ABSENCE, waitUntilFree, type Waiting } from './wait-until-free.js';

/** What became of a decision that an interrupted apply had left. */
export interface DecisionReport {
  readonly time: Date;
  /** Who took it. */
  readonly manager: string;
  /** The name of the virtual environment; empty: everything was to be removed. */
  readonly environment: string;
  readonly hosts: readonly DecidedHostReport[];
}

export interface DecidedHostReport {
  readonly host: string;
  /** `pending`: not yet, for the errors; `not asked`: the real file does not have that host. */
  readonly outcome: Finish | 'pending' | 'not asked';
  readonly errors: readonly NetmgrError[];
}

/** What it takes to complete a decision. */
export interface Completion {
  readonly store: DecisionStore;
  readonly settings: Required<ApplySettings>;
  readonly waiting: Waiting;
  readonly onStep: ApplyListener;
}

/**
 * Completes a decision on those of its hosts that can be reached, and forgets it where it is carried out.
 *
 * @param sessions of the hosts that may be asked
 * @throws NetmgrError `AccessDenied` if it cannot be noted that it is completed; then no host was touched
 */
export async function completeDecision(
  decision: StoredDecision,
  sessions: readonly AgentSession[],
  completion: Completion,
): Promise<DecisionReport> {
  const { time, manager, environment, hosts } = decision;
  // What could not be noted would be done again each time, also when something else was applied since.
  await completion.store.prepare();
  const reports = await Promise.all(
    hosts.map((host) => completeHost(host, peersOf(decision, host, sessions), sessions, completion)),
  );
  const carriedOut = hosts.filter((_, i) => {
    const outcome = reports[i]?.outcome;
    return outcome !== 'pending' && outcome !== 'not asked';
  });
  await completion.store.finish(
    carriedOut.map(({ agent }) => agent),
    decision,
  );
  return { time, manager, environment, hosts: reports };
}

async function completeHost(
  decided: DecidedHost,
  peers: readonly Peer[],
  sessions: readonly AgentSession[],
  { settings, waiting, onStep }: Completion,
): Promise<DecidedHostReport> {
  const { host } = decided.agent;
  const session = sessions.find((each) => sameAgent(each.snmp.agent, decided.agent));
  if (session === undefined) return { host, outcome: 'not asked', errors: [notAsked(decided)] };
  const step: HostListener = (name, progress) => onStep(session.hostName, name, progress);
  try {
    step('complete');
    const read = () => session.settled({ patience: LONGEST_ABSENCE });
    const { owner } = await waitUntilFree(session, read, step, waiting, decided.owner);
    // The session of the manager that was interrupted may last longer than the host waits for a confirmation.
    if (owner !== '') session.continueAs(owner);
    return {
      host,
      outcome: await finishHost({ session, decided, peers, settings, onStep: step }, 0),
      errors: [],
    };
  } catch (error) {
    return { host, outcome: 'pending', errors: failuresOf(error) };
  } finally {
    await session.release().catch(failuresOf);
  }
}

function notAsked({ agent }: DecidedHost): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: `the real file has no host at ${agent.address} port ${String(agent.port)}`,
    subject: agent.host,
    hint: 'Give the real file with which it was applied.',
  });
}
