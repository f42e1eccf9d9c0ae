import { oidSuffix, oidText } from '../../mib/oid.js';
import { columnById, decodeIndex, type AnyRow, type RowOf, type TableDefinition } from '../../mib/table.js';
import type { Oid } from '../../mib/value.js';
import type { SnmpSession } from './snmp-session.js';

/** Columns per GETBULK: the walk of a wide table then needs several, each within its answer's bounds. */
const COLUMNS_PER_WALK = 24;

/**
 * All rows of a table, as the agent has them now. Rows that are not whole, or not possible, are left out.
 *
 * @param below what the index begins with of the rows that are asked for
 */
export async function readTable<T extends TableDefinition>(
  session: SnmpSession,
  table: T,
  below: Oid = [],
): Promise<RowOf<T>[]> {
  const ids = Object.values(table.columns).map(({ id }) => id);
  if (table.rowStatus !== undefined) ids.push(table.rowStatus);
  const rows = new Map<string, { index: Oid; cells: Record<string, unknown> }>();
  for (let i = 0; i < ids.length; i += COLUMNS_PER_WALK) {
    const columns = ids.slice(i, i + COLUMNS_PER_WALK).map((id) => [...table.entry, id, ...below]);
    for (const { oid, value } of await session.walkColumns(columns)) {
      const [id = 0, ...index] = oidSuffix(oid, table.entry) ?? [];
      const key = oidText(index);
      let row = rows.get(key);
      if (row === undefined) rows.set(key, (row = { index, cells: {} }));
      const column = columnById(table, id);
      if (column !== undefined) row.cells[column[0]] = column[1].syntax.decode(value);
    }
  }
  const width = Object.keys(table.columns).length;
  const whole: AnyRow[] = [];
  for (const { index, cells } of rows.values()) {
    const key = decodeIndex(table, index);
    if (key !== undefined && Object.keys(cells).length === width) whole.push({ ...key, ...cells });
  }
  return whole as RowOf<T>[];
}
