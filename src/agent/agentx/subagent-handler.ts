import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { SetErrorStatus } from './set-error-status.js';

type MaybePromise<T> = T | Promise<T>;

/**
 * What answers the master's requests. Whatever a method throws becomes genErr (or commitFailed, undoFailed)
 * of the varbind it was about.
 */
export interface SubagentHandler {
  /** Called before each Get, GetNext or GetBulk PDU is answered, so that its answers are of one moment. */
  begin?(): MaybePromise<void>;
  /** Value of exactly this instance, or why not. */
  get(oid: Oid): MaybePromise<SnmpValue | 'noSuchObject' | 'noSuchInstance'>;
  /**
   * First instance after `oid` (or at it if `include`) and before `end` (if not empty); undefined is the end
   * of the MIB view.
   */
  next(oid: Oid, include: boolean, end: Oid): MaybePromise<VarBind | undefined>;
  /**
   * The first phase of a SET (RFC 2741 section 7.2.4): all its varbinds below the registered subtrees, in
   * the order of the SET.
   */
  test(varBinds: readonly VarBind[]): MaybePromise<SetRefusal | PreparedSet>;
}

export interface SetRefusal {
  readonly status: SetErrorStatus;
  /** Which varbind, counted from 1. */
  readonly index: number;
}

/**
 * A SET that was tested and can be made. `cleanup` is the last call in every case and comes exactly once:
 * after commit, after undo, or alone if the SET was dropped.
 */
export interface PreparedSet {
  /** Makes the change. What it throws is commitFailed; `undo` follows, so it may leave the change half made. */
  commit(): MaybePromise<void>;
  /** Takes back what `commit` did. What it throws is undoFailed. */
  undo(): MaybePromise<void>;
  /** Releases what `test` took. */
  cleanup(): MaybePromise<void>;
}

/** Hears of what a handler threw or answered wrongly; the request was answered with an error already. */
export type HandlerErrorListener = (thrown: unknown) => void;
