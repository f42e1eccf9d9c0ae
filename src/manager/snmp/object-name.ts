import { cfgScalars } from '../../mib/cfg-scalars.js';
import { hostScalars } from '../../mib/host-scalars.js';
import { oidSuffix, oidText } from '../../mib/oid.js';
import { summaryScalars } from '../../mib/summary-scalars.js';
import { columnById, decodeIndex } from '../../mib/table.js';
import { configTables, readOnlyTables } from '../../mib/tables.js';
import { vmNetworkTable } from '../../mib/vm/vm-network-table.js';
import { vmTable } from '../../mib/vm/vm-table.js';
import type { Oid } from '../../mib/value.js';

/** An instance for people, such as `netemuLinkProfile vif1.0 10.2.0.1 32`; its numbers if it is unknown. */
export function objectName(oid: Oid): string {
  for (const table of [...configTables, ...readOnlyTables, vmTable, vmNetworkTable]) {
    const [columnId, ...index] = oidSuffix(oid, table.entry) ?? [];
    if (columnId === undefined) continue;
    const column =
      columnById(table, columnId)?.[0] ?? (columnId === table.rowStatus ? 'rowStatus' : String(columnId));
    const key = decodeIndex(table, index);
    return [
      `${table.name}${capitalised(column)}`,
      ...Object.values(key ?? { index: oidText(index) }).map(String),
    ].join(' ');
  }
  for (const { name, scalars } of [cfgScalars, hostScalars, summaryScalars]) {
    for (const [key, scalar] of Object.entries<{ readonly oid: Oid }>(scalars)) {
      if (oidSuffix(oid, scalar.oid) !== undefined) return `${name}${capitalised(key)}`;
    }
  }
  return oidText(oid);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
