import type { Configuration } from '../../mib/configuration.js';
import { diffConfigurations } from '../../mib/diff-configurations.js';
import { linkTable } from '../../mib/link-table.js';
import { profileTable } from '../../mib/profile-table.js';
import type { AnyRow, TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';

const SHAPED: readonly TableDefinition[] = [vifTable, linkTable];

/** The vifs that two configurations may want to be shaped differently; those too that one of them has alone. */
export function changedVifs(from: Configuration, to: Configuration): Set<string> {
  if (from === to) return new Set();
  // One that comes or goes is one of rows that change.
  const profiles = new Set(
    diffConfigurations(from, to, [profileTable])
      .filter(({ before, after }) => before !== undefined && after !== undefined)
      .map(({ after }) => Number(after?.['index'])),
  );
  const usesChanged = (row: AnyRow): boolean =>
    ['profile', 'txProfile', 'rxProfile'].some((column) => profiles.has(Number(row[column])));
  const rows: AnyRow[] = [
    ...diffConfigurations(from, to, SHAPED)
      .map(({ before, after }) => after ?? before)
      .filter((row) => row !== undefined),
    ...(profiles.size === 0
      ? []
      : SHAPED.flatMap((table) => to.entries(table).map(({ row }) => row)).filter(usesChanged)),
  ];
  return new Set(rows.map(({ vif }) => String(vif)));
}
