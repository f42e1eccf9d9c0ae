import type { DriftRow } from '../../mib/drift-table.js';
import type { Entry } from '../../mib/table.js';
import { shorten } from '../config/shorten.js';
import type { Drift } from '../drift/drift.js';

/** More help nobody; netemuCfgDriftCount still tells how many there are. */
const MOST_ROWS = 100;

/** The rows of netemuDriftTable. */
export function driftEntries(drifts: readonly Drift[]): Entry[] {
  return drifts.slice(0, MOST_ROWS).map(({ what, vif, text }, i): Entry => {
    const row: DriftRow = { index: i + 1, what, vif, text: shorten(text) };
    return { index: [row.index], row };
  });
}
