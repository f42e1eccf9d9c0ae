import type { Sample } from '../sample.js';
import { bandwidthBounds } from './bandwidth-findings.js';
import type { Bound } from './bound.js';
import { jitterBounds } from './jitter-findings.js';
import { latencyBounds } from './latency-findings.js';
import { lossBounds } from './loss-findings.js';
import { table2Bounds } from './table2-findings.js';

/** All bounds that can be held against what was measured. */
export function boundsOf(samples: readonly Sample[]): Bound[] {
  return [bandwidthBounds, latencyBounds, table2Bounds, jitterBounds, lossBounds].flatMap((of) =>
    of(samples),
  );
}
