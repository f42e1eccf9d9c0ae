import { expect } from 'chai';
import type { CfgAction, CfgResult, CfgState } from '../../../src/mib/cfg-scalars.js';
import { actionOutcome, type ActionOutcome } from '../../../src/manager/snmp/action-outcome.js';
import type { CommitStatus } from '../../../src/manager/snmp/agent-status.js';

const digest = (letter: string): Buffer => Buffer.alloc(32, letter);
const OLD = digest('o');
const NEW = digest('n');
const OTHER = digest('x');

/** An agent that runs the old configuration, has the new one as its candidate, and did nothing yet. */
const status = (changes: Partial<CommitStatus>): CommitStatus => ({
  owner: 'me',
  action: 'none',
  expectedDigest: Buffer.alloc(0),
  state: 'idle',
  result: 'none',
  resultText: '',
  candidateDigest: NEW,
  runningDigest: OLD,
  previousDigest: OTHER,
  progress: 100,
  confirmRemaining: 0,
  generation: 7,
  confirmedGeneration: 7,
  ...changes,
});

const last = (
  action: CfgAction,
  expectedDigest: Buffer,
  result: CfgResult,
  state: CfgState = 'failed',
): Partial<CommitStatus> => ({ action, expectedDigest, result, state });

const committed = { runningDigest: NEW, previousDigest: OLD, generation: 8 } as const;

const CASES: readonly (readonly [string, CfgAction, Buffer, Partial<CommitStatus>, ActionOutcome])[] = [
  ['nothing while the agent is busy', 'commit', NEW, { state: 'applying', runningDigest: NEW }, 'underWay'],
  ['validated', 'validate', NEW, last('validate', NEW, 'success', 'idle'), 'done'],
  ['not valid', 'validate', NEW, last('validate', NEW, 'validationFailed'), 'failed'],
  [
    'not valid before, and something else since',
    'validate',
    NEW,
    last('release', NEW, 'success'),
    'notBegun',
  ],
  ['validated in an earlier session', 'validate', NEW, last('validate', OLD, 'success', 'idle'), 'notBegun'],
  [
    'validated before the agent was started again, which loses the candidate',
    'validate',
    NEW,
    { ...last('validate', NEW, 'success', 'idle'), candidateDigest: OLD },
    'notBegun',
  ],
  ['committed', 'commit', NEW, { ...last('commit', NEW, 'success', 'confirmWait'), ...committed }, 'done'],
  [
    'committed, and a late copy of the validation came after it',
    'commit',
    NEW,
    { ...last('validate', NEW, 'success', 'confirmWait'), ...committed },
    'done',
  ],
  [
    'not committed since the SET got lost',
    'commit',
    NEW,
    last('validate', NEW, 'success', 'idle'),
    'notBegun',
  ],
  ['failed to commit', 'commit', NEW, last('commit', NEW, 'applyFailedUndone'), 'failed'],
  ['ended in the middle of a commit', 'commit', NEW, last('commit', NEW, 'interrupted'), 'failed'],
  ['committed and gone back', 'commit', NEW, last('rollback', OLD, 'confirmExpired', 'idle'), 'failed'],
  [
    'confirmed',
    'confirm',
    NEW,
    { ...last('confirm', NEW, 'success', 'idle'), ...committed, confirmedGeneration: 8 },
    'done',
  ],
  [
    'gone back, and nobody has agreed to that',
    'confirm',
    OLD,
    { ...last('rollback', OLD, 'confirmExpired'), generation: 9 },
    'notBegun',
  ],
  [
    'not confirmed since the SET got lost',
    'confirm',
    NEW,
    { ...last('commit', NEW, 'success', 'confirmWait'), ...committed },
    'notBegun',
  ],
  [
    'gone back before it could be confirmed',
    'confirm',
    NEW,
    last('rollback', OLD, 'confirmExpired'),
    'failed',
  ],
  ['rolled back', 'rollback', OLD, last('rollback', OLD, 'success', 'idle'), 'done'],
  ['gone back by itself', 'rollback', OLD, last('rollback', OLD, 'confirmExpired', 'idle'), 'done'],
  [
    'not rolled back since the SET got lost',
    'rollback',
    OLD,
    { ...last('commit', NEW, 'success', 'confirmWait'), ...committed },
    'notBegun',
  ],
  [
    'failed to roll back',
    'rollback',
    OLD,
    { ...last('rollback', OLD, 'applyFailedPartial'), ...committed },
    'failed',
  ],
  [
    'failed to commit, and stands half-way',
    'rollback',
    OLD,
    { ...last('rollback', OLD, 'applyFailedPartial') },
    'failed',
  ],
  ['resynchronised', 'resync', Buffer.alloc(0), last('resync', Buffer.alloc(0), 'success', 'idle'), 'done'],
  [
    'failed to resynchronise',
    'resync',
    Buffer.alloc(0),
    last('resync', Buffer.alloc(0), 'applyFailedUndone'),
    'failed',
  ],
];

describe('what an agent has done, judged by its state', () => {
  for (const [what, action, about, changes, outcome] of CASES) {
    it(`${action}: ${what}`, () => {
      expect(actionOutcome(action, about, status(changes))).to.equal(outcome);
    });
  }
});
