import type { LinkRow } from '../../mib/link-table.js';
import { groupBy } from '../../group-by.js';

/** The rows of one vif that are one link, and so one class: those of one group, or one row alone. */
export function groupLinks(rows: readonly LinkRow[]): LinkRow[][] {
  const alone = rows.filter(({ group }) => group === 0).map((row) => [row]);
  const together = groupBy(
    rows.filter(({ group }) => group !== 0),
    ({ group }) => group,
  );
  return [...together.values(), ...alone];
}
