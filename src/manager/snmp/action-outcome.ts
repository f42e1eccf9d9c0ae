import { isBusyState, type CfgAction } from '../../mib/cfg-scalars.js';
import type { CommitStatus } from './agent-status.js';

/** How far an action is: `notBegun` when its SET got lost, or was overwritten by a late copy of an earlier one. */
export type ActionOutcome = 'underWay' | 'done' | 'failed' | 'notBegun';

/**
 * Judges an action by what the agent says of itself. Whether its SET was answered tells nothing: the answer may be
 * lost, the SET may be repeated late, and the agent may have been restarted since. So what counts is which
 * configuration runs, and for good or not; the agent's last action and result only tell failed from not begun.
 */
export function actionOutcome(action: CfgAction, digest: Uint8Array, status: CommitStatus): ActionOutcome {
  if (isBusyState(status.state)) return 'underWay';
  if (isReached(action, digest, status)) return 'done';
  const isAbout = status.action === action && sameOctets(status.expectedDigest, digest);
  if (isAbout && status.result !== 'success') return 'failed';
  // It has gone back already.
  if (action === 'confirm' && !sameOctets(status.runningDigest, digest)) return 'failed';
  if (action === 'commit' && status.result === 'confirmExpired') return 'failed';
  return 'notBegun';
}

function isReached(action: CfgAction, digest: Uint8Array, status: CommitStatus): boolean {
  const isRunning = sameOctets(status.runningDigest, digest) && !isHalfway(status);
  switch (action) {
    case 'validate':
      return (
        status.action === 'validate' &&
        sameOctets(status.expectedDigest, digest) &&
        // A restarted agent remembers that it validated, and no longer what.
        sameOctets(status.candidateDigest, digest) &&
        status.result === 'success'
      );
    case 'commit':
      return isRunning;
    case 'confirm':
      return isRunning && isConfirmed(status);
    case 'rollback':
      return isRunning && status.state !== 'confirmWait';
    default:
      return status.action === action && status.result === 'success';
  }
}

/** Whether the host stands between two configurations, so that its digests tell nothing of its kernel. */
export function isHalfway({ result }: Pick<CommitStatus, 'result'>): boolean {
  return result === 'applyFailedPartial';
}

/** Whether somebody has agreed to keep what runs, or never was asked to. */
export function isConfirmed({ generation, confirmedGeneration }: CommitStatus): boolean {
  return generation === confirmedGeneration;
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
