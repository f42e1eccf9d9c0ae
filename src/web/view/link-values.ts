import type { LinkStateRow } from '../../mib/link-state-table.js';
import { BitRate, BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import type { ValueView } from '../wire/details-view.js';
import { durationText, rateText, shareText } from '../wire/quantity-text.js';
import { linkDifferences } from './compare-link.js';
import type { WantedLink } from './wanted.js';

/** In parts per million. */
const ONE = 1e6;
const NO_LIMIT = 'no limit';

/**
 * What is asked of a link and in force, as the files write it, and what was measured last.
 *
 * @param rate bits per second that pass now
 */
export function linkValues(
  row: LinkStateRow,
  wanted: WantedLink | undefined,
  rate: number | undefined,
): ValueView[] {
  const { bandwidth, latency, jitter, loss } = wanted?.parameters ?? {};
  const differs = linkDifferences(row, wanted);
  const asked = (text: string): Pick<ValueView, 'configured'> =>
    wanted === undefined ? {} : { configured: text };
  const echoes = `${String(row.probeSent - row.probeReceived)} of ${String(row.probeSent)} echoes`;
  return [
    {
      name: 'bandwidth',
      ...asked(bandwidth === undefined ? NO_LIMIT : bandwidth.toString()),
      inForce: limitText(row.bandwidth),
      ...(row.probeBandwidth > 0 && {
        measured: `${rateText(row.probeBandwidth * BITS_PER_KILOBIT)} of data`,
      }),
      differs: differs.bandwidth,
    },
    { name: 'passing now', ...(rate !== undefined && { measured: rateText(rate) }) },
    {
      name: 'latency, one way',
      ...asked((latency ?? Duration.ZERO).toString()),
      inForce: Duration.ofMicroseconds(row.latency).toString(),
      differs: differs.latency,
    },
    {
      name: 'round trip',
      ...asked(Duration.ofMicroseconds(wanted?.roundTrip ?? 0).toString()),
      ...(row.probeReceived > 0 && { measured: durationText(row.probeRttAvg) }),
      differs: differs.roundTrip,
    },
    ...(row.jitter === 0 && jitter === undefined
      ? []
      : [
          {
            name: 'jitter',
            ...asked((jitter ?? Duration.ZERO).toString()),
            inForce: Duration.ofMicroseconds(row.jitter).toString(),
            differs: differs.jitter,
          },
        ]),
    {
      name: 'loss',
      ...asked(shareText((loss?.partsPerMillion ?? 0) / ONE)),
      inForce: shareText(row.loss / ONE),
      ...(row.probeSent > 0 && { measured: echoes }),
      differs: differs.echoes,
    },
    { name: 'dropped so far', measured: `${row.drops.toString()} packets` },
    { name: 'state', inForce: row.oper, differs: differs.state },
  ];
}

/** kbit/s of the MIB as the files write it; 0 is no limit. */
export function limitText(kilobits: number): string {
  return kilobits === 0 ? NO_LIMIT : BitRate.ofBitsPerSecond(kilobits * BITS_PER_KILOBIT).toString();
}
