import { failuresOf, NetmgrError } from '../../errors.js';
import type { CfgResult } from '../../mib/cfg-scalars.js';
import type { ErrorCode } from '../../mib/error-table.js';
import { encodeIndex, type AnyRow, type TableDefinition } from '../../mib/table.js';
import type { Oid } from '../../mib/value.js';

/** One reason why an action failed: a row of netemuErrorTable to be. */
export interface Problem {
  /** The instance of the configuration object it is about; empty if none. */
  readonly object: Oid;
  readonly code: ErrorCode;
  /** The interface concerned; empty if none. */
  readonly vif: string;
  /** In words, with those of the kernel or the tool. */
  readonly text: string;
}

/** A problem with one column of a row; 0 is the RowStatus. */
export function problem(
  table: TableDefinition,
  row: AnyRow,
  columnId: number,
  code: ErrorCode,
  text: string,
): Problem {
  const object = [
    ...table.entry,
    columnId === 0 ? (table.rowStatus ?? 0) : columnId,
    ...encodeIndex(table, row),
  ];
  return { object, code, vif: typeof row['vif'] === 'string' ? row['vif'] : '', text };
}

/** An action that failed. */
export class ActionFailure extends NetmgrError {
  constructor(
    readonly problems: readonly Problem[],
    /** How far it got: not at all, undone, or left half done. */
    readonly result: Extract<CfgResult, 'validationFailed' | 'applyFailedUndone' | 'applyFailedPartial'>,
    cause?: unknown,
  ) {
    super({ kind: 'NotApplied', message: problems[0]?.text ?? 'the action failed', cause });
  }
}

/** What a tool's failure says, as problems. */
export function problemsOf(thrown: unknown): Problem[] {
  return failuresOf(thrown).map((error): Problem => {
    const { subject, message } = error;
    // What names its subject needs no other.
    if (subject !== undefined && !message.includes(subject))
      return { object: [], code: codeOf(error), vif: '', text: `${subject}: ${message}` };
    // tc and ip name the interface in the line that failed; in a machine, which is a subject, it is one of there.
    const vif = /\bdev ([A-Za-z0-9_.-]{1,15})\b/.exec(message)?.[1] ?? '';
    return { object: [], code: codeOf(error), vif, text: message };
  });
}

function codeOf(error: NetmgrError): ErrorCode {
  switch (error.kind) {
    case 'CommandFailed':
      return error.message.endsWith('is not installed') ? 'toolMissing' : 'kernelRefused';
    case 'AccessDenied':
      return 'permission';
    case 'Conflict':
      return 'conflict';
    case 'InvalidInput':
      return 'badValue';
    default:
      return 'other';
  }
}
