import { oidSuffix, oidText } from '../../mib/oid.js';
import { columnById, decodeIndex, type AnyRow, type RowOf, type TableDefinition } from '../../mib/table.js';
import { WireValueError } from '../../mib/syntax.js';
import type { Oid } from '../../mib/value.js';
import type { SnmpSession } from './snmp-session.js';

/** Columns per GETBULK: the walk of a wide table then needs several, each within its answer's bounds. */
const COLUMNS_PER_WALK = 24;

/**
 * All rows of a table, as the agent has them now. Rows that are not whole, or not possible, are left out.
 *
 * @param below what the index begins with of the rows that are asked for
 * @param onMisfit hears of each cell whose value the MIB does not admit, and its row is left out; otherwise one ends the reading
 * @throws WireValueError
 */
export async function readTable<T extends TableDefinition>(
  session: SnmpSession,
  table: T,
  below: Oid = [],
  onMisfit?: (error: WireValueError, oid: Oid) => void,
): Promise<RowOf<T>[]> {
  const ids = Object.values(table.columns).map(({ id }) => id);
  if (table.rowStatus !== undefined) ids.push(table.rowStatus);
  const misfits = new Set<string>();
  const rows = new Map<string, { index: Oid; cells: Record<string, unknown> }>();
  for (let i = 0; i < ids.length; i += COLUMNS_PER_WALK) {
    const columns = ids.slice(i, i + COLUMNS_PER_WALK).map((id) => [...table.entry, id, ...below]);
    for (const { oid, value } of await session.walkColumns(columns, table.longest)) {
      const [id = 0, ...index] = oidSuffix(oid, table.entry) ?? [];
      const key = oidText(index);
      let row = rows.get(key);
      if (row === undefined) rows.set(key, (row = { index, cells: {} }));
      const column = columnById(table, id);
      if (column === undefined) continue;
      try {
        row.cells[column[0]] = column[1].syntax.decode(value);
      } catch (error) {
        if (onMisfit === undefined || !(error instanceof WireValueError)) throw error;
        misfits.add(key);
        onMisfit(error, oid);
      }
    }
  }
  const needed = Object.entries(table.columns).flatMap(([key, { sparse }]) => (sparse === true ? [] : [key]));
  const whole: AnyRow[] = [];
  for (const [name, { index, cells }] of rows) {
    const key = decodeIndex(table, index);
    const isWhole = !misfits.has(name) && needed.every((column) => column in cells);
    if (key !== undefined && isWhole) whole.push({ ...key, ...cells });
  }
  return whole as RowOf<T>[];
}
