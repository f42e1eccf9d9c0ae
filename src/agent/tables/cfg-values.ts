import type { CfgScalars } from '../../mib/cfg-scalars.js';
import type { Actions } from '../config/actions.js';
import type { Commits } from '../config/commits.js';
import type { Datastore } from '../config/datastore.js';
import type { OwnerLock } from '../config/owner-lock.js';

/** What netemuCfg tells of. */
export interface CfgParts {
  readonly datastore: Datastore;
  readonly commits: Commits;
  readonly actions: Actions;
  readonly lock: OwnerLock;
  readonly drift: { readonly count: number; readonly lastAudit: number };
  readonly changes: ChangeTimes;
}

/** sysUpTime of the last changes; 0 if there was none since the agent started. */
export class ChangeTimes {
  candidate = 0;
  running = 0;
}

const NOTHING = new Uint8Array();

/** The values of netemuCfg at this moment. */
export function cfgValues({ datastore, commits, actions, lock, drift, changes }: CfgParts): CfgScalars {
  const { running, previous } = datastore;
  return {
    owner: lock.owner,
    ownerTimeout: lock.timeout,
    action: actions.action,
    expectedDigest: actions.expectedDigest,
    confirmTimeout: actions.confirmTimeout,
    label: datastore.label,
    state: actions.state,
    result: actions.result,
    resultText: actions.resultText,
    errorCount: actions.problems.length,
    progress: actions.progress,
    candidateDigest: datastore.candidate.digest(),
    runningDigest: running.configuration.digest(),
    previousDigest: previous.configuration.digest(),
    runningLabel: running.label,
    generation: datastore.generation,
    candidateLastChange: changes.candidate,
    runningLastChange: changes.running,
    runningTime: datastore.runningTime,
    lastDuration: actions.lastDuration,
    driftCount: drift.count,
    lastAudit: drift.lastAudit,
    auditInterval: commits.settings.auditInterval,
    autoRepair: commits.settings.autoRepair,
    confirmRemaining: actions.confirmRemaining,
    takeOver: actions.takeOver,
    confirmedGeneration: datastore.confirmedGeneration,
    edit: NOTHING,
  };
}
