import type { ErrorRow } from '../../mib/error-table.js';
import type { Entry } from '../../mib/table.js';
import type { Problem } from '../config/problem.js';
import { shorten } from '../config/shorten.js';

/** More help nobody; netemuCfgErrorCount still tells how many there were. */
const MOST_ROWS = 100;

/** The rows of netemuErrorTable. */
export function errorEntries(problems: readonly Problem[]): Entry[] {
  return problems.slice(0, MOST_ROWS).map((problem, i): Entry => {
    const row: ErrorRow = {
      index: i + 1,
      object: problem.object,
      code: problem.code,
      severity: 'error',
      vif: problem.vif,
      text: shorten(problem.text),
    };
    return { index: [row.index], row };
  });
}
