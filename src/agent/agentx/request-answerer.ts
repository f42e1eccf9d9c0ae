import { answerGet, VarBindFailure } from './get-answers.js';
import type { AgentxVarBind, GetBulkPdu, GetPdu, Pdu, ResponsePdu, SetPhasePdu, TestSetPdu } from './pdu.js';
import { encodePdu } from './pdu-codec.js';
import { RESPONSE_ERRORS } from './response-error.js';
import { SetTransactions, type PhaseResult } from './set-transactions.js';
import type { HandlerErrorListener, SubagentHandler } from './subagent-handler.js';

/** A PDU with which a master asks a subagent for something. */
export type RequestPdu = GetPdu | GetBulkPdu | TestSetPdu | SetPhasePdu;

const REQUESTS: ReadonlySet<Pdu['type']> = new Set<RequestPdu['type']>([
  'Get',
  'GetNext',
  'GetBulk',
  'TestSet',
  'CommitSet',
  'UndoSet',
  'CleanupSet',
]);

export function isRequest(pdu: Pdu): pdu is RequestPdu {
  return REQUESTS.has(pdu.type);
}

/**
 * Turns the master's requests of one session into responses. SET phases are handled strictly in the order of
 * their arrival; reads run beside them and each other. Never rejects.
 */
export class RequestAnswerer {
  readonly #sets: SetTransactions;
  #lastPhase: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly handler: SubagentHandler,
    private readonly onError: HandlerErrorListener,
  ) {
    this.#sets = new SetTransactions(handler, onError);
  }

  /** The octets of the response; undefined for a CleanupSet, which has none (RFC 2741 section 7.2.4.4). */
  async answer(pdu: RequestPdu): Promise<Buffer | undefined> {
    if ('context' in pdu) return this.#encode(pdu, { error: RESPONSE_ERRORS.unsupportedContext, index: 1 });
    switch (pdu.type) {
      case 'Get':
      case 'GetNext':
      case 'GetBulk':
        return this.#read(pdu);
      case 'TestSet':
        return this.#encode(pdu, await this.#inOrder(() => this.#sets.test(pdu)));
      case 'CommitSet':
        return this.#encode(pdu, await this.#inOrder(() => this.#sets.commit(pdu.transactionId)));
      case 'UndoSet':
        return this.#encode(pdu, await this.#inOrder(() => this.#sets.undo(pdu.transactionId)));
      case 'CleanupSet':
        await this.#inOrder(() => this.#sets.cleanup(pdu.transactionId));
        return undefined;
    }
  }

  /** Ends the SETs that are open, after the phase that runs. */
  async abandon(): Promise<void> {
    await this.#inOrder(() => this.#sets.abandon());
  }

  async #read(pdu: GetPdu | GetBulkPdu): Promise<Buffer> {
    try {
      return this.#encode(
        pdu,
        { error: RESPONSE_ERRORS.noError, index: 0 },
        await answerGet(this.handler, pdu),
      );
    } catch (error) {
      const failure = error instanceof VarBindFailure ? error : new VarBindFailure(1, error);
      this.onError(failure.cause);
      return this.#encode(pdu, { error: RESPONSE_ERRORS.genErr, index: failure.index });
    }
  }

  #inOrder<T>(phase: () => Promise<T>): Promise<T> {
    const result = this.#lastPhase.then(phase);
    this.#lastPhase = result;
    return result;
  }

  /** A value its type cannot carry is the handler's mistake, found here at the latest. */
  #encode(request: RequestPdu, result: PhaseResult, varBinds: readonly AgentxVarBind[] = []): Buffer {
    const { sessionId, transactionId, packetId } = request;
    const respond = (fields: Pick<ResponsePdu, 'error' | 'index' | 'varBinds'>): Buffer =>
      encodePdu({ type: 'Response', sessionId, transactionId, packetId, sysUpTime: 0, ...fields });
    try {
      return respond({ ...result, varBinds });
    } catch (error) {
      this.onError(error);
      const guilty = varBinds.findIndex(
        (varBind) => !canEncode(() => respond({ ...result, varBinds: [varBind] })),
      );
      return respond({ error: RESPONSE_ERRORS.genErr, index: Math.max(guilty, 0) + 1, varBinds: [] });
    }
  }
}

function canEncode(encode: () => Buffer): boolean {
  try {
    encode();
    return true;
  } catch {
    return false;
  }
}
