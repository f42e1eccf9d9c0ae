import type { TestSetPdu } from './pdu.js';
import { RESPONSE_ERRORS } from './response-error.js';
import { SET_ERROR_STATUS } from './set-error-status.js';
import type { HandlerErrorListener, PreparedSet, SubagentHandler } from './subagent-handler.js';

/** res.error and res.index of a phase. */
export interface PhaseResult {
  readonly error: number;
  readonly index: number;
}

const DONE: PhaseResult = { error: RESPONSE_ERRORS.noError, index: 0 };
/** A master has few SETs open at a time; one that opens ever more has lost track of them. */
const MAX_OPEN = 256;

interface Transaction {
  readonly prepared: PreparedSet;
  isCommitted: boolean;
}

/**
 * The SETs of one session that are between TestSet and CleanupSet or UndoSet (RFC 2741 section 7.2.4). A
 * master sends one TestSet for all varbinds that a SET has for the session, over all its registrations.
 * Phases must be called one after the other.
 */
export class SetTransactions {
  readonly #open = new Map<number, Transaction>();

  constructor(
    private readonly handler: SubagentHandler,
    private readonly onError: HandlerErrorListener,
  ) {}

  async test(pdu: TestSetPdu): Promise<PhaseResult> {
    // A second TestSet would lose the first one's undo.
    if (this.#open.has(pdu.transactionId)) return { error: SET_ERROR_STATUS.genErr, index: 1 };
    if (this.#open.size >= MAX_OPEN) return { error: SET_ERROR_STATUS.resourceUnavailable, index: 1 };
    try {
      const outcome = await this.handler.test(pdu.varBinds);
      if ('status' in outcome) {
        return { error: SET_ERROR_STATUS[outcome.status], index: outcome.index };
      }
      this.#open.set(pdu.transactionId, { prepared: outcome, isCommitted: false });
      return DONE;
    } catch (error) {
      this.onError(error);
      return { error: SET_ERROR_STATUS.genErr, index: 1 };
    }
  }

  async commit(transactionId: number): Promise<PhaseResult> {
    const transaction = this.#open.get(transactionId);
    // Nothing was tested: to say that it is done would be a lie.
    if (transaction === undefined) return { error: RESPONSE_ERRORS.commitFailed, index: 1 };
    if (transaction.isCommitted) return DONE;
    // Set before the call: half a commit must be undone too.
    transaction.isCommitted = true;
    try {
      await transaction.prepared.commit();
      return DONE;
    } catch (error) {
      this.onError(error);
      return { error: RESPONSE_ERRORS.commitFailed, index: 1 };
    }
  }

  /** Undoes what was committed and ends the transaction: no CleanupSet follows an UndoSet. */
  async undo(transactionId: number): Promise<PhaseResult> {
    const transaction = this.#open.get(transactionId);
    let result = DONE;
    if (transaction?.isCommitted === true) {
      try {
        await transaction.prepared.undo();
      } catch (error) {
        this.onError(error);
        result = { error: RESPONSE_ERRORS.undoFailed, index: 1 };
      }
    }
    await this.cleanup(transactionId);
    return result;
  }

  async cleanup(transactionId: number): Promise<void> {
    const transaction = this.#open.get(transactionId);
    this.#open.delete(transactionId);
    try {
      await transaction?.prepared.cleanup();
    } catch (error) {
      this.onError(error);
    }
  }

  /**
   * Ends what is open when the session is lost. What was only tested is dropped. What was committed stays:
   * the loss says nothing about the other subagents of the transaction nor about what the manager was told,
   * and RFC 2741 lets only an UndoSet of the master take a commit back. The manager, whose SET ended without
   * an answer or with genErr, asks again; every SET may be repeated and the digest shows what is true.
   */
  async abandon(): Promise<void> {
    for (const transactionId of [...this.#open.keys()]) await this.cleanup(transactionId);
  }
}
