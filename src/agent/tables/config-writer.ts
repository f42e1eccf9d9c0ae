import type { RowChange } from '../../mib/configuration-edit.js';
import type { VarBind } from '../../mib/value.js';
import type { PreparedSet, SetRefusal } from '../agentx/subagent-handler.js';
import type { Actions } from '../config/actions.js';
import type { Datastore } from '../config/datastore.js';
import type { OwnerLock } from '../config/owner-lock.js';
import type { Settings } from '../store/agent-state.js';
import { applyChanges, changesOf, expectRoom } from './row-edits.js';
import { decodeSetRequest, SetError, type SetRequest } from './set-request.js';

const NO_DIGEST = new Uint8Array();

/** The release of a session that has ended: its answer was lost. */
const NOTHING: PreparedSet = { commit: () => undefined, undo: () => undefined, cleanup: () => undefined };

function isReleaseAlone({ action, rows, edit, label, settings }: SetRequest): boolean {
  const changesNothing =
    rows.length === 0 && edit === undefined && label === undefined && Object.keys(settings).length === 0;
  return action?.action === 'release' && changesNothing;
}

/** Whether it says only whether and how often to notify: no matter of a session (netemuNotifyControl). */
function isNotifyControlAlone({ rows, settings, ...rest }: SetRequest): boolean {
  const keys = Object.keys(settings) as (keyof Settings)[];
  return (
    rows.length === 0 &&
    Object.keys(rest).length === 0 &&
    keys.every((key) => key === 'notifyEnable' || key === 'notifyMinInterval')
  );
}

/**
 * Writes of managers to the candidate, one PDU at a time and each PDU whole or not at all
 * (RFC 2741 section 7.2.4).
 */
export class ConfigWriter {
  constructor(
    private readonly datastore: Datastore,
    private readonly lock: OwnerLock,
    private readonly actions: Actions,
    private readonly onCandidateChange: () => void,
    private readonly onSettings: (settings: Partial<Settings>) => void,
  ) {}

  /** TestSet: what the PDU would do, or why it cannot. */
  test(varBinds: readonly VarBind[]): PreparedSet | SetRefusal {
    try {
      return this.#prepare(decodeSetRequest(varBinds));
    } catch (error) {
      if (error instanceof SetError) return { status: error.status, index: error.index };
      throw error;
    }
  }

  #prepare(request: SetRequest): PreparedSet {
    if (isNotifyControlAlone(request)) return this.#preparedSettings(request.settings);
    const { owner, edit } = request;
    if (owner !== undefined && this.lock.hasEnded(owner) && isReleaseAlone(request)) return NOTHING;
    if (owner === undefined || !this.lock.admits(owner)) throw new SetError('inconsistentValue', 1);
    const changesCandidate = request.rows.length > 0 || edit !== undefined || request.label !== undefined;
    if (changesCandidate && this.actions.isBusy) throw new SetError('inconsistentValue', 1);
    if (request.action !== undefined) {
      const { action, at } = request.action;
      const refusal = this.actions.refusal(action, request.expectedDigest ?? NO_DIGEST);
      if (refusal !== undefined) throw new SetError('inconsistentValue', at);
    }
    const opens = this.lock.owner === '';
    const base = opens ? this.datastore.running.configuration : this.datastore.candidate;
    if (edit !== undefined) expectRoom(edit.changes, base, edit.at);
    const changes = edit?.changes ?? changesOf(request.rows, base);
    return this.#prepared(request, owner, opens, changes);
  }

  #preparedSettings(settings: Partial<Settings>): PreparedSet {
    let isCommitted = false;
    return {
      commit: () => {
        isCommitted = true;
      },
      undo: () => {
        isCommitted = false;
      },
      cleanup: () => {
        if (isCommitted) this.onSettings(settings);
      },
    };
  }

  #prepared(request: SetRequest, owner: string, opens: boolean, changes: readonly RowChange[]): PreparedSet {
    const { datastore, lock, actions } = this;
    // Takes back what was committed; undefined while nothing is.
    let undo: (() => void) | undefined;
    return {
      commit: () => {
        const { label } = datastore;
        const { timeout } = lock;
        const { confirmTimeout, takeOver } = actions;
        // What an earlier manager left in the candidate is not this one's.
        if (opens) datastore.discard();
        if (request.ownerTimeout !== undefined) lock.timeout = request.ownerTimeout;
        lock.take(owner);
        if (request.label !== undefined) datastore.label = request.label;
        actions.confirmTimeout = request.confirmTimeout ?? confirmTimeout;
        actions.takeOver = request.takeOver ?? takeOver;
        const inverse = applyChanges(changes, datastore.candidate);
        undo = () => {
          applyChanges(inverse, datastore.candidate);
          datastore.label = label;
          lock.timeout = timeout;
          actions.confirmTimeout = confirmTimeout;
          actions.takeOver = takeOver;
          if (opens) lock.undo();
        };
      },
      undo: () => {
        undo?.();
        undo = undefined;
      },
      cleanup: () => {
        // Not before: another subagent of the same PDU could still fail and undo this.
        if (undo === undefined) return;
        if (changes.length > 0) this.onCandidateChange();
        if (Object.keys(request.settings).length > 0) this.onSettings(request.settings);
        if (request.action !== undefined) {
          actions.start(request.action.action, request.expectedDigest ?? NO_DIGEST);
        }
      },
    };
  }
}
