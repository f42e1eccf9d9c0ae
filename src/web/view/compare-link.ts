import type { LinkStateRow } from '../../mib/link-state-table.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import type { Comparison } from '../wire/network-view.js';
import type { WantedLink } from './wanted.js';

/** Of the bandwidth, what a stream may measure: headers are no data, and a stream needs a moment to find its rate. */
const DATA = { least: 0.88, most: 1.03 } as const;
/** Microseconds that kernels may add to a round trip, and the share of it. */
const EXTRA = { fixed: 5000, share: 0.05 } as const;
/** Microseconds by which clocks may be early. */
const EARLY = 200;

/** Which values of a link are not as they were asked. */
export interface LinkDifferences {
  readonly state: boolean;
  /** In force, or as a probe measured it. */
  readonly bandwidth: boolean;
  readonly latency: boolean;
  readonly jitter: boolean;
  readonly roundTrip: boolean;
  /** No echo came back, where some should. */
  readonly echoes: boolean;
}

/**
 * Holds what is in force, and what probes measured last, against what is asked. The probes are those of `netmgr verify`, which
 * judges more finely: it knows how they were made.
 */
export function linkDifferences(row: LinkStateRow, wanted: WantedLink | undefined): LinkDifferences {
  const state = row.oper !== 'applied';
  if (wanted === undefined) {
    return { state, bandwidth: false, latency: false, jitter: false, roundTrip: false, echoes: false };
  }
  const { bandwidth, latency, jitter } = wanted.parameters;
  return {
    state,
    bandwidth:
      row.bandwidth !== (bandwidth?.bitsPerSecond ?? 0) / BITS_PER_KILOBIT || isBandwidthOff(row, wanted),
    latency: row.latency !== (latency?.microseconds ?? 0),
    jitter: row.jitter !== (jitter?.microseconds ?? 0),
    roundTrip: isRoundTripOff(row, wanted),
    echoes: wanted.isAnswered && row.probeSent > 0 && row.probeReceived === 0,
  };
}

/** What the values of a link come to. */
export function compareLink(row: LinkStateRow, wanted: WantedLink | undefined): Comparison {
  if (Object.values(linkDifferences(row, wanted)).includes(true)) return 'differs';
  if (wanted === undefined) return 'unknown';
  return row.probeTime === 0 ? 'configured' : 'measured';
}

function isBandwidthOff({ probeBandwidth }: LinkStateRow, { limit }: WantedLink): boolean {
  if (probeBandwidth === 0 || limit === undefined) return false;
  const share = (probeBandwidth * BITS_PER_KILOBIT) / limit;
  return share < DATA.least || share > DATA.most;
}

function isRoundTripOff({ probeReceived, probeRttAvg }: LinkStateRow, wanted: WantedLink): boolean {
  if (probeReceived === 0) return false;
  const { roundTrip, jitter } = wanted;
  return (
    probeRttAvg < roundTrip - jitter - EARLY ||
    probeRttAvg > roundTrip * (1 + EXTRA.share) + jitter + EXTRA.fixed
  );
}
