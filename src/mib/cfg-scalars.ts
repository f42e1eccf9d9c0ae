import { NETEMU_CFG } from './objects.js';
import { scalarsBelow, type ScalarsOf } from './scalar.js';
import { adminString, dateAndTime, enumeration, octets, timeStamp, truthValue, unsigned } from './syntax.js';

/** netemuCfgAction: what a manager asks the agent to do with the candidate. */
export const cfgAction = enumeration({
  none: 1,
  validate: 2,
  commit: 3,
  confirm: 4,
  discard: 5,
  clear: 6,
  rollback: 7,
  resync: 8,
  release: 9,
});

export type CfgAction = keyof typeof cfgAction.labels;

/** netemuCfgState: what the agent does about an action. */
export const cfgState = enumeration({
  idle: 1,
  validating: 2,
  applying: 3,
  confirmWait: 4,
  rollingBack: 5,
  failed: 6,
});

export type CfgState = keyof typeof cfgState.labels;

/** Whether an action is under way, so that no other one can start. */
export function isBusyState(state: CfgState): boolean {
  return state === 'validating' || state === 'applying' || state === 'rollingBack';
}

/** netemuCfgResult: how the last action ended. */
export const cfgResult = enumeration({
  none: 1,
  success: 2,
  validationFailed: 3,
  applyFailedUndone: 4,
  applyFailedPartial: 5,
  digestMismatch: 6,
  confirmExpired: 7,
  interrupted: 8,
});

export type CfgResult = keyof typeof cfgResult.labels;

/** NetemuDigest: SHA-256, or nothing. */
const digest = octets(0, 32);

const { readOnly, readWrite } = scalarsBelow(NETEMU_CFG);

/** netemuCfg: the control of commits. */
export const cfgScalars = {
  name: 'netemuCfg',
  oid: NETEMU_CFG,
  scalars: {
    owner: readWrite(1, adminString(0, 64)),
    /** Seconds. */
    ownerTimeout: readWrite(2, unsigned(1, 86400)),
    action: readWrite(3, cfgAction),
    expectedDigest: readWrite(4, digest),
    /** Seconds; 0: a commit is final at once. */
    confirmTimeout: readWrite(5, unsigned(0, 86400)),
    label: readWrite(6, adminString(0, 64)),
    state: readOnly(7, cfgState),
    result: readOnly(8, cfgResult),
    resultText: readOnly(9, adminString(0, 255)),
    errorCount: readOnly(10, unsigned()),
    /** Percent. */
    progress: readOnly(11, unsigned(0, 100)),
    candidateDigest: readOnly(12, digest),
    runningDigest: readOnly(13, digest),
    previousDigest: readOnly(14, digest),
    runningLabel: readOnly(15, adminString(0, 64)),
    generation: readOnly(16, unsigned()),
    candidateLastChange: readOnly(17, timeStamp),
    runningLastChange: readOnly(18, timeStamp),
    runningTime: readOnly(19, dateAndTime),
    /** Milliseconds. */
    lastDuration: readOnly(20, unsigned()),
    driftCount: readOnly(21, unsigned()),
    lastAudit: readOnly(22, timeStamp),
    /** Seconds; 0: no examinations but those that are asked for. */
    auditInterval: readWrite(23, unsigned(0, 86400)),
    autoRepair: readWrite(24, truthValue),
    /** Seconds; 0: no deadline runs. */
    confirmRemaining: readOnly(26, unsigned()),
    takeOver: readWrite(27, truthValue),
    confirmedGeneration: readOnly(29, unsigned()),
    /** Changes of many rows (packEdits); read, it is empty. */
    edit: readWrite(31, octets(0, 32_768)),
  },
} as const;

export type CfgScalars = ScalarsOf<typeof cfgScalars.scalars>;
