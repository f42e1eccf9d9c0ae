import type { PlacedNode } from '../merge/placed-node.js';
import type { Link } from '../model/link.js';

/** What is measured of the way between two nodes. */
export type Quantity = 'latency' | 'loss' | 'bandwidth';

/** One value of one way: what was asked, what was measured, and whether that holds. */
export interface Measurement {
  readonly quantity: Quantity;
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  /** The most specific link of the file that is between them. */
  readonly link: Link | undefined;
  /** Latency there and back in microseconds, a share of packets there and back, or data in bits per second. */
  readonly asked: number;
  /** In the same unit; undefined if it could not be measured. */
  readonly measured: number | undefined;
  /** What the measured may be off, in the same unit. */
  readonly tolerance: { readonly below: number; readonly above: number };
  /** What the way takes without emulation, as measured on others between the same hosts: latency only. */
  readonly base?: number;
  readonly verdict: 'holds' | 'off' | 'unknown';
  /** Why there is no value, or what explains it. */
  readonly note?: string;
}

export function verdictOf(
  asked: number,
  measured: number,
  { below, above }: Measurement['tolerance'],
): 'holds' | 'off' {
  return measured < asked - below || measured > asked + above ? 'off' : 'holds';
}
