import { setTimeout as sleep } from 'node:timers/promises';
import { failuresOf, type ErrorKind } from '../../errors.js';
import { isConfirmed, isHalfway } from '../snmp/action-outcome.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { heldBy } from '../snmp/held-by.js';
import type { HostListener } from './apply-listener.js';
import type { ApplySettings } from './apply-settings.js';
import { DecidedRows } from './decided-rows.js';
import { hasGoneBack, type DecidedHost } from './decision.js';
import { wereLedElsewhere, type Peer } from './peer.js';
import { prepare } from './prepare.js';

const POLL = 1000;

/** How a host came to keep to a decision. */
export type Finish =
  /** It waited for that. */
  | 'confirmed'
  /** It did already. */
  | 'kept'
  /** It had gone back by itself, and was led there again. */
  | 'applied again'
  /** Somebody has led it elsewhere since. */
  | 'overtaken';

/** A host that is to keep what was decided. */
export interface Finishing {
  readonly session: AgentSession;
  readonly decided: DecidedHost;
  readonly peers: readonly Peer[];
  readonly settings: Required<ApplySettings>;
  readonly onStep: HostListener;
}

/** What can be different a moment later. */
const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['Unreachable', 'Conflict', 'NotApplied']);

/**
 * Makes a host keep for good what was decided, whatever has become of it meanwhile.
 *
 * @param patience milliseconds for which a failure that may pass is tried again
 * @throws NetmgrError or ApplyError with the reason why it does not yet
 */
export async function finishHost(finishing: Finishing, patience: number): Promise<Finish> {
  const deadline = performance.now() + patience;
  const progress = { appliedAgain: false };
  for (;;) {
    try {
      return await tryToFinish(finishing, progress);
    } catch (error) {
      const canPass = failuresOf(error).every(({ kind }) => PASSING.has(kind));
      if (!canPass || performance.now() > deadline) throw error;
      await sleep(POLL);
    }
  }
}

async function tryToFinish(finishing: Finishing, progress: { appliedAgain: boolean }): Promise<Finish> {
  const { session, decided, onStep } = finishing;
  const digest = decided.configuration.digest();
  let status = await session.settled();
  if (isHalfway(status)) {
    // It may be on its way back from what was decided: only then does its digest say where it is.
    onStep('repair');
    await session.act('resync');
    status = await session.settled();
  }
  if (!digest.equals(status.runningDigest)) {
    if (!hasGoneBack(status, decided)) return 'overtaken';
    if (!(await commitAgain(finishing))) return 'overtaken';
    progress.appliedAgain = true;
  } else if (isConfirmed(status)) return progress.appliedAgain ? 'applied again' : 'kept';
  onStep('confirm');
  await session.act('confirm', digest);
  return progress.appliedAgain ? 'applied again' : 'confirmed';
}

/**
 * Unless the others were led elsewhere since: whoever did so may have found that this host runs already what he wants.
 *
 * @returns whether it did
 */
async function commitAgain({ session, decided, peers, settings, onStep }: Finishing): Promise<boolean> {
  const { label, takeOver } = decided;
  const { confirmTimeout, ownerTimeout } = settings;
  const wanted = new DecidedRows(decided);
  const begin = { label, takeOver, ownerTimeout };
  const other = await session.open(begin);
  if (other !== undefined) throw heldBy(other, session.hostName);
  // Nobody changes any of them while we have this one: a manager needs all of its hosts.
  if (await wereLedElsewhere(peers)) return false;
  await prepare(wanted, session, begin, onStep);
  onStep('commit');
  await session.act('commit', wanted.configuration.digest(), confirmTimeout);
  return true;
}
