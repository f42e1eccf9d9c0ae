import type { Configuration } from '../../mib/configuration.js';
import { encodeIndex, type AnyRow, type TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';
import { problem, type Problem } from './problem.js';

/** Whether the vif that a row is about has a row of its own. */
export function checkVif(
  configuration: Configuration,
  table: TableDefinition,
  row: AnyRow & { vif: string },
): Problem[] {
  const index = encodeIndex(vifTable, { vif: row.vif });
  if (configuration.get(vifTable, index) !== undefined) return [];
  return [problem(table, row, 0, 'missingReference', `there is no row for the vif ${row.vif}`)];
}
