import { NetmgrError, throwTogether } from '../../errors.js';
import { driftTable } from '../../mib/drift-table.js';
import { sameOctets } from '../snmp/action-outcome.js';
import { readTable } from '../snmp/read-table.js';
import { claimAll, keepingOpen, LONGEST_STEP_BACK, releaseAll } from './claim.js';
import { throwIfInterrupted } from './interruption.js';
import { observeAll } from './observe-all.js';
import { onAll } from './on-all.js';
import type { Participant } from './participant.js';
import { rollBack } from './roll-back.js';
import { adoptAll, commitAll, type TransactionContext } from './transaction.js';
import { pause } from './wait-until-free.js';

/** Where hosts were led back or repaired before, and what is wanted was not begun. */
const NOT_APPLIED = 'what is wanted was not applied; see netmgr status for what the hosts run';

/**
 * Makes all hosts run what is wanted of them, for good and in their kernels, or leaves all as they were. Where nothing
 * is to do, each host costs one GET, or two if a change was expected.
 *
 * @throws NetmgrError or ApplyError with what every host had to say
 */
export async function applyEnvironment(
  participants: readonly Participant[],
  context: TransactionContext,
): Promise<void> {
  const { settings, signal } = context;
  const sessions = participants.map(({ session }) => session);
  const observing = { ...settings, signal };
  for (;;) {
    if (await observeAll(participants, observing)) return;
    throwIfMoved(participants, context);
    throwIfInterrupted(signal);
    // Those too that run it already: another manager could lead them elsewhere meanwhile.
    if (!(await claimAll(sessions, { label: context.environment, ...settings }, settings.wait))) {
      await pause(Math.random() * LONGEST_STEP_BACK, signal);
      continue;
    }
    try {
      if (await keepingOpen(sessions, settings.ownerTimeout, () => applyClaimed(participants, context)))
        return;
    } finally {
      await releaseAll(sessions);
    }
  }
}

/** @returns whether that is all; otherwise begin again, with new sessions */
async function applyClaimed(
  participants: readonly Participant[],
  context: TransactionContext,
): Promise<boolean> {
  await onAll(participants, async (participant) => {
    // Nobody else can change it any more.
    await participant.look();
  });
  throwIfMoved(participants, context);
  const halfway = participants.filter(({ isHalfway }) => isHalfway);
  if (halfway.length > 0) {
    await onAll(halfway, complete, NOT_APPLIED);
    return false;
  }
  const pending = participants.filter(({ runsWanted }) => !runsWanted);
  const unconfirmed = participants.filter(({ isUnconfirmed }) => isUnconfirmed);
  if (unconfirmed.length > 0) {
    if (pending.length === 0) await adoptAll(unconfirmed, context);
    else await onAll(unconfirmed, (participant) => undo(participant, context), NOT_APPLIED);
    // In sessions of their own: late copies of these SETs would fit the next commit too.
    for (const participant of unconfirmed) participant.changed = true;
    return false;
  }
  await onAll(
    participants.filter(({ runsWanted, drift }) => runsWanted && drift > 0),
    repair,
    NOT_APPLIED,
  );
  // With those that have gone back to what is wanted: that was not agreed upon, and is now.
  const concerned = participants.filter(({ runsWanted, isUnsettled }) => !runsWanted || isUnsettled);
  if (concerned.length > 0) await commitAll(concerned, context);
  for (const participant of pending) participant.changed = true;
  return true;
}

/** What was planned for hosts that ran something else is not what they need now. */
function throwIfMoved(participants: readonly Participant[], { expected }: TransactionContext): void {
  if (expected === undefined) return;
  const moved = participants.filter(({ path, runsWanted, before }) => {
    const digest = expected.get(path);
    return !runsWanted && (digest === undefined || !sameOctets(digest, before.runningDigest));
  });
  throwTogether(
    moved.map(
      ({ path }) =>
        new NetmgrError({
          kind: 'Conflict',
          message: 'the host runs something else than when the plan was made',
          subject: path,
          hint: 'Make the plan again: `netmgr plan`.',
        }),
    ),
    'nothing was applied: no host was changed',
  );
}

/** Left by a manager that never decided: what ran before its commit is what was agreed upon. */
async function undo(
  { session, before, onStep }: Participant,
  { settings }: TransactionContext,
): Promise<void> {
  onStep('roll back');
  await rollBack(session, before.previousDigest, settings.confirmTimeout);
}

/** Has the agent go all the way back: only then does its digest say what the host runs. */
async function complete(participant: Participant): Promise<void> {
  const { session, onStep } = participant;
  onStep('repair');
  await session.act('resync');
  participant.changed = true;
}

/** Has the agent make its kernel what it runs. */
async function repair(participant: Participant): Promise<void> {
  const { session, drift, onStep } = participant;
  onStep('repair');
  await session.act('resync');
  const { driftCount } = await session.examine();
  if (driftCount > 0) throw await stillDiffers(participant, driftCount);
  participant.repaired = drift;
  participant.changed = true;
}

async function stillDiffers({ session }: Participant, driftCount: number): Promise<NetmgrError> {
  const [first] = await readTable(session.snmp, driftTable);
  return new NetmgrError({
    kind: 'NotApplied',
    message: `the kernel still differs in ${driftCount === 1 ? 'one place' : `${String(driftCount)} places`} from what the agent was told to repair${first === undefined ? '' : `: ${first.text}`}`,
    subject: first === undefined || first.vif === '' ? session.hostName : `${session.hostName}/${first.vif}`,
    hint: 'See `netmgr status`: it lists what differs.',
  });
}
