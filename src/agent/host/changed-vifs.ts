import type { Configuration } from '../../mib/configuration.js';
import { linkTable } from '../../mib/link-table.js';
import { profileTable } from '../../mib/profile-table.js';
import type { AnyRow, TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';

/** The vifs that two configurations may want to be shaped differently; those too that one of them has alone. */
export function changedVifs(from: Configuration, to: Configuration): Set<string> {
  if (from === to) return new Set();
  const profiles = new Set(differing(profileTable, from, to).map(({ index }) => Number(index)));
  const usesChanged = (row: AnyRow): boolean =>
    ['profile', 'txProfile', 'rxProfile'].some((column) => profiles.has(Number(row[column])));
  const rows = [vifTable, linkTable].flatMap((table) => [
    ...differing(table, from, to),
    ...(profiles.size === 0 ? [] : to.entries(table).flatMap(({ row }) => (usesChanged(row) ? [row] : []))),
  ]);
  return new Set(rows.map(({ vif }) => String(vif)));
}

/** Rows that one of the two has and the other has not, or has otherwise. */
function differing(table: TableDefinition, from: Configuration, to: Configuration): AnyRow[] {
  const found: AnyRow[] = [];
  const columns = Object.keys(table.columns);
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    for (const { key, row } of one.entries(table)) {
      const counterpart = other.rowOf(table, key);
      if (counterpart === undefined || columns.some((name) => row[name] !== counterpart[name]))
        found.push(row);
    }
  }
  return found;
}
