import type { DriftRow } from '../../mib/drift-table.js';

/** One difference between the host and what runs. */
export interface Drift {
  readonly what: DriftRow['what'];
  /** The vif concerned; empty if none. */
  readonly vif: string;
  /** What should be there, and what is. */
  readonly text: string;
  /** Whether bringing the host to what runs takes it away: a vif that is gone does not come by that. */
  readonly repairable: boolean;
}
