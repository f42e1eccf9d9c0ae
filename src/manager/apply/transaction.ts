import { failuresOf, NetmgrError, rejectionsOf, throwTogether } from '../../errors.js';
import type { ApplySettings } from './apply-settings.js';
import type { DecidedHost, NewDecision, StoredDecision } from './decision.js';
import type { DecisionStore } from './decision-store.js';
import { finishHost } from './finish-host.js';
import { peersOf } from './peer.js';
import { throwIfInterrupted } from './interruption.js';
import { onAll } from './on-all.js';
import type { Participant } from './participant.js';
import { prepare } from './prepare.js';
import { rollBack } from './roll-back.js';

/** Milliseconds beyond the hosts' own timers for which a confirmation is repeated. */
const SPARE = 15_000;

/** What a transaction is done with. */
export interface TransactionContext {
  /** The name of what is applied. */
  readonly environment: string;
  /** Who applies it. */
  readonly manager: string;
  readonly settings: Required<ApplySettings>;
  readonly store: DecisionStore;
  /** What the hosts have to run before, by their names; without it, anything. */
  readonly expected?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Ends it as long as nothing is decided. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes all hosts, whose sessions are open, to what is wanted of them: all validate before any changes, all commit
 * before any is final. A failure before the decision leads every host back to what it ran before.
 *
 * @throws NetmgrError or ApplyError with what every host had to say
 */
export async function commitAll(
  participants: readonly Participant[],
  context: TransactionContext,
): Promise<void> {
  const { environment, settings, store, signal } = context;
  // Before any host changes: without the decision none may stay changed.
  await store.prepare();
  await onAll(participants, async (participant) => {
    const { wanted, session, onStep } = participant;
    const { changes } = await prepare(wanted, session, { label: environment, ...settings }, onStep);
    participant.rows = changes;
  });
  throwIfInterrupted(signal);
  let decision: StoredDecision;
  // The hosts work meanwhile; that it failed is heard when they are done.
  const begun = store.begin(
    decisionOn(participants, (participant) => participant.before.runningDigest, context),
  );
  begun.catch(() => undefined);
  try {
    await onAll(participants, async ({ session, digest, onStep }) => {
      onStep('commit');
      await session.act('commit', digest, settings.confirmTimeout, (done) => {
        onStep('commit', { done, all: 100, unit: '%' });
      });
    });
    throwIfInterrupted(signal, 'hosts that had changed go back');
    decision = await (await begun).take();
  } catch (error) {
    // Nobody waits for a disk that hangs: what stays there means nothing.
    void begun.then((undecided) => undecided.drop()).catch(() => undefined);
    const notLedBack = await rollBackAll(participants, settings);
    throwTogether(
      [...failuresOf(error), ...notLedBack],
      notLedBack.length === 0
        ? 'nothing was applied: every host runs what it ran before'
        : 'nothing was applied: every host runs what it ran before, but for those that could not be led back',
    );
    return;
  }
  await confirmAll(participants, decision, context);
}

/** Keeps for good what all hosts run already and nobody has decided about. */
export async function adoptAll(
  participants: readonly Participant[],
  context: TransactionContext,
): Promise<void> {
  await context.store.prepare();
  const decision = await context.store.write(
    decisionOn(participants, (participant) => participant.before.previousDigest, context),
  );
  await confirmAll(participants, decision, context);
}

/** The decision that every host is to run what is wanted. */
function decisionOn(
  participants: readonly Participant[],
  previousDigest: (participant: Participant) => Uint8Array,
  { environment, manager, settings }: TransactionContext,
): NewDecision {
  const hosts = participants.map((participant): DecidedHost => ({
    agent: participant.session.snmp.agent,
    owner: participant.session.owner,
    label: environment,
    takeOver: settings.takeOver,
    configuration: participant.wanted.configuration,
    previousDigest: previousDigest(participant),
    confirmedGeneration: participant.before.confirmedGeneration,
  }));
  return { time: new Date(), manager, environment, hosts };
}

async function confirmAll(
  participants: readonly Participant[],
  decision: StoredDecision,
  { settings, store }: TransactionContext,
): Promise<void> {
  const patience = settings.confirmTimeout * 1000 + SPARE;
  const sessions = participants.map(({ session }) => session);
  const results = await Promise.allSettled(
    decision.hosts.map(async (decided, i) => {
      const participant = participants[i];
      if (participant === undefined) return;
      const { session, onStep } = participant;
      const peers = peersOf(decision, decided, sessions);
      const finish = await finishHost({ session, decided, peers, settings, onStep }, patience);
      if (finish === 'overtaken') throw overtaken(session.hostName);
    }),
  );
  const confirmed = decision.hosts.filter((_, i) => results[i]?.status === 'fulfilled');
  await store.finish(
    confirmed.map(({ agent }) => agent),
    decision,
  );
  const failures = rejectionsOf(results).map((failure) => notConfirmed(failure, decision));
  throwTogether(failures, 'it is decided, and not confirmed on all hosts');
}

async function rollBackAll(
  participants: readonly Participant[],
  { confirmTimeout }: Required<ApplySettings>,
): Promise<NetmgrError[]> {
  return rejectionsOf(
    await Promise.allSettled(
      participants.map(async ({ session, before, onStep }) => {
        onStep('roll back');
        await rollBack(session, before.runningDigest, confirmTimeout);
      }),
    ),
  );
}

function notConfirmed(failure: NetmgrError, { path }: StoredDecision): NetmgrError {
  return new NetmgrError({
    kind: failure.kind,
    message: `the host does not keep yet what was decided: ${failure.message}`,
    subject: failure.subject,
    hint: `Run the same command or \`netmgr status\` again once it can: the decision is in ${path}.`,
    cause: failure,
  });
}

function overtaken(subject: string): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: 'another manager has led it elsewhere meanwhile',
    subject,
  });
}
