import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';

/** Instead of a value: why there is none (RFC 2741 section 5.4). */
export type SnmpException =
  { readonly type: 'noSuchObject' } | { readonly type: 'noSuchInstance' } | { readonly type: 'endOfMibView' };

/** A name with a value or with the reason why there is none. */
export interface AgentxVarBind {
  readonly oid: Oid;
  readonly value: SnmpValue | SnmpException;
}

/** A SearchRange (RFC 2741 section 5.2); an empty `end` is no bound. */
export interface SearchRange {
  readonly start: Oid;
  /** Whether `start` itself may be the answer. */
  readonly include: boolean;
  readonly end: Oid;
}

/** The part of the header that tells to which session, transaction and request a PDU belongs. */
export interface PduHeader {
  readonly sessionId: number;
  readonly transactionId: number;
  readonly packetId: number;
}

/** PDUs that may name a context; none is the default context. */
export interface InContext {
  readonly context?: Uint8Array;
}

/** Starts a session (RFC 2741 section 6.2.1). */
export interface OpenPdu extends PduHeader {
  readonly type: 'Open';
  /** Seconds the master waits for an answer; 0 leaves it to the master. */
  readonly timeout: number;
  readonly id: Oid;
  readonly description: string;
}

/** Ends a session (section 6.2.2). */
export interface ClosePdu extends PduHeader {
  readonly type: 'Close';
  readonly reason: number;
}

/** The subtree of a registration: one, or a range of them if `rangeSubid` is not 0 (section 6.2.3). */
interface Region extends PduHeader, InContext {
  /** From 1, the most preferred, to 255. */
  readonly priority: number;
  readonly subtree: Oid;
  /** Which sub-identifier of `subtree`, counted from 1, runs up to `upperBound`; 0 is none. */
  readonly rangeSubid: number;
  readonly upperBound: number;
}

export interface RegisterPdu extends Region {
  readonly type: 'Register';
  /** Seconds, for this subtree alone; 0 is the session's. */
  readonly timeout: number;
}

export interface UnregisterPdu extends Region {
  readonly type: 'Unregister';
}

export interface GetPdu extends PduHeader, InContext {
  readonly type: 'Get' | 'GetNext';
  readonly ranges: readonly SearchRange[];
}

export interface GetBulkPdu extends PduHeader, InContext {
  readonly type: 'GetBulk';
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly ranges: readonly SearchRange[];
}

export interface TestSetPdu extends PduHeader, InContext {
  readonly type: 'TestSet';
  readonly varBinds: readonly VarBind[];
}

/** The phases that follow a TestSet; the transaction says of what (sections 6.2.8 and 6.2.9). */
export interface SetPhasePdu extends PduHeader {
  readonly type: 'CommitSet' | 'UndoSet' | 'CleanupSet';
}

export interface NotifyPdu extends PduHeader, InContext {
  readonly type: 'Notify';
  readonly varBinds: readonly VarBind[];
}

export interface PingPdu extends PduHeader, InContext {
  readonly type: 'Ping';
}

/** Puts a row into the master's sysORTable for as long as the session lasts (section 6.2.14). */
export interface AddAgentCapsPdu extends PduHeader, InContext {
  readonly type: 'AddAgentCaps';
  readonly id: Oid;
  readonly description: string;
}

export interface ResponsePdu extends PduHeader {
  readonly type: 'Response';
  /** The master's, in hundredths of a second; without meaning in what a subagent sends. */
  readonly sysUpTime: number;
  /** See response-error.ts; 0 is success. */
  readonly error: number;
  /** Which varbind `error` is about, counted from 1; 0 is none. */
  readonly index: number;
  readonly varBinds: readonly AgentxVarBind[];
}

/** Every PDU this agent sends or understands. */
export type Pdu =
  | OpenPdu
  | ClosePdu
  | RegisterPdu
  | UnregisterPdu
  | GetPdu
  | GetBulkPdu
  | TestSetPdu
  | SetPhasePdu
  | NotifyPdu
  | PingPdu
  | AddAgentCapsPdu
  | ResponsePdu;

/** h.type of RFC 2741 section 6.1. */
export const PDU_TYPES = {
  Open: 1,
  Close: 2,
  Register: 3,
  Unregister: 4,
  Get: 5,
  GetNext: 6,
  GetBulk: 7,
  TestSet: 8,
  CommitSet: 9,
  UndoSet: 10,
  CleanupSet: 11,
  Notify: 12,
  Ping: 13,
  AddAgentCaps: 16,
  Response: 18,
} as const satisfies Record<Pdu['type'], number>;

/** c.reason of a Close (section 6.2.2). */
export const CLOSE_REASONS = { other: 1, parseError: 2, protocolError: 3, timeouts: 4, shutdown: 5 } as const;
