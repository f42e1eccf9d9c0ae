import type { Configuration } from '../../mib/configuration.js';
import { interfaceNameIndex } from '../../mib/syntax.js';
import type { AnyRow, TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';
import { problem, type Problem } from '../config/problem.js';
import type { Binding } from './binding.js';
import { isMissed, type AwayVif } from './locate-vifs.js';

/** What is wrong with a column of a row, whose vifs are interfaces. */
export interface HostProblem {
  readonly table: TableDefinition;
  readonly row: AnyRow;
  readonly columnId: number;
  readonly code: Problem['code'];
  readonly text: string;
}

/** A problem with one column of a row; 0 is the RowStatus. */
export const about = (
  table: TableDefinition,
  row: AnyRow,
  columnId: number,
  code: Problem['code'],
  text: string,
): HostProblem => ({ table, row, columnId, code, text });

/** The same about the row as it was configured. */
export function inTermsOfVifs({ table, row, columnId, code, text }: HostProblem, binding: Binding): Problem {
  const device = row['vif'];
  const own = typeof device === 'string' ? { ...row, vif: binding.vifOf(device) } : row;
  return problem(table, own, columnId, code, text);
}

/** What is wrong with vifs that are not here. A machine that may be on another host is missed by nobody. */
export const missingVifs = (away: readonly AwayVif[], target: Configuration): Problem[] =>
  away
    .filter((one) => isMissed(one) && isVifOf(target, one.row.vif))
    .map(({ row, why }) => problem(vifTable, row, 0, 'noSuchInterface', `${row.vmName}: ${why}`));

const isVifOf = (configuration: Configuration, vif: string): boolean =>
  configuration.get(vifTable, interfaceNameIndex.encode(vif)) !== undefined;
