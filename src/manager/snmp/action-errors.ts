import { ApplyError, NetmgrError, type ErrorKind } from '../../errors.js';
import type { CfgAction, CfgResult } from '../../mib/cfg-scalars.js';
import { errorTable, type ErrorCode } from '../../mib/error-table.js';
import type { CommitStatus } from './agent-status.js';
import { objectName } from './object-name.js';
import { readTable } from './read-table.js';
import type { SnmpSession } from './snmp-session.js';

/** What a result without a list of errors means. */
const RESULTS: Readonly<Partial<Record<CfgResult, { kind: ErrorKind; words: string }>>> = {
  digestMismatch: { kind: 'NotApplied', words: 'the candidate is not the one that was meant' },
  confirmExpired: {
    kind: 'NotApplied',
    words: 'it was not confirmed in time, so the agent has taken it back',
  },
  // The action was about a configuration that the host does not run any more.
  success: {
    kind: 'NotApplied',
    words: 'the host runs something else: it has gone back by itself, or another manager has changed it',
  },
  interrupted: {
    kind: 'NotApplied',
    words: 'the agent ended in the middle of it and, started again, led the host back to what it ran before',
  },
};

/** What to do about errors whose text does not say it. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  kernelRefused:
    "These are the words of a tool on that host; the agent's log has them whole. Mend the cause and apply again.",
  toolMissing:
    'Install it on that host and apply again; an agent that was started without it has to be started again.',
};

/** The failure of an action, with what the agent lists in netemuErrorTable. */
export async function actionError(
  session: SnmpSession,
  action: CfgAction,
  status: CommitStatus,
): Promise<ApplyError> {
  const { host } = session.agent;
  const about = RESULTS[status.result];
  // The table is about the last action, and that is what the result is about.
  const rows = about === undefined && status.action === action ? await readTable(session, errorTable) : [];
  const errors = rows.map(
    ({ object, code, vif, text }) =>
      new NetmgrError({
        kind: code === 'kernelRefused' || code === 'toolMissing' ? 'CommandFailed' : 'Rejected',
        message: text,
        subject: vif === '' ? host : `${host}/${vif}`,
        hint: HINTS[code],
        cause: object.length === 0 ? undefined : new Error(`${code}: ${objectName(object)}`),
      }),
  );
  if (errors.length === 0) {
    const words = about?.words ?? (status.resultText === '' ? status.result : status.resultText);
    errors.push(
      new NetmgrError({
        kind: about?.kind ?? 'Rejected',
        message: `${action} failed: ${words}`,
        subject: host,
      }),
    );
  }
  return new ApplyError(errors, `${host}: ${action} failed`);
}
