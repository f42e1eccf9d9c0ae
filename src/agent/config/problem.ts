import { NetmgrError } from '../../errors.js';
import type { ErrorCode } from '../../mib/error-table.js';
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

/** An action that failed, and whether the host is as it was before. */
export class ActionFailure extends NetmgrError {
  constructor(
    readonly problems: readonly Problem[],
    readonly undone: boolean,
    cause?: unknown,
  ) {
    super({ kind: 'NotApplied', message: problems[0]?.text ?? 'the action failed', cause });
  }
}
