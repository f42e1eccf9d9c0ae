import type { ProfileRow } from '../../mib/profile-table.js';
import { BitRate, BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { ByteCount } from '../../units/byte-count.js';
import { Duration } from '../../units/duration.js';
import { Ratio } from '../../units/ratio.js';

/** What something is like: by the name that the files have for it, the text that they would have. */
export type Properties = ReadonlyMap<string, string>;

/** What a profile does, in the words of the files; what it leaves as it is, is left out. */
export function profileWords(row: ProfileRow): Properties {
  const isBursty = row.lossModel === 'gemodel';
  const said: readonly (readonly [name: string, isSaid: boolean, text: () => string])[] = [
    ['bandwidth', row.bandwidth > 0, () => rate(row.bandwidth)],
    ['burst', row.burst > 0, () => octets(row.burst)],
    ['queue', row.queue > 0, () => time(row.queue)],
    ['queue', row.queueOctets > 0, () => octets(row.queueOctets)],
    ['queue', row.queuePackets > 0, () => `${String(row.queuePackets)}packets`],
    ['framing', row.framing !== 'frame', () => row.framing],
    ['latency', row.latency > 0, () => time(row.latency)],
    ['jitter', row.jitter > 0, () => time(row.jitter)],
    ['distribution', row.jitter > 0 && row.distribution !== 'uniform', () => row.distribution],
    ['jitter-reorders', row.jitter > 0 && row.jitterReorders, () => 'true'],
    ['loss', !isBursty && row.loss > 0, () => share(row.loss)],
    ['loss-correlation', !isBursty && row.lossCorrelation > 0, () => share(row.lossCorrelation)],
    ['gemodel-p', isBursty, () => share(row.gemodelP)],
    ['gemodel-r', isBursty, () => share(row.gemodelR)],
    ['gemodel-bad', isBursty, () => share(row.gemodelBad)],
    ['gemodel-good', isBursty && row.gemodelGood > 0, () => share(row.gemodelGood)],
    ['duplicate', row.duplicate > 0, () => share(row.duplicate)],
    ['reorder', row.reorder > 0, () => share(row.reorder)],
    ['reorder-gap', row.reorder > 0 && row.reorderGap > 1, () => String(row.reorderGap)],
    ['corrupt', row.corrupt > 0, () => share(row.corrupt)],
    ['limit', row.limit > 0, () => String(row.limit)],
    ['state', row.state !== 'up', () => row.state],
  ];
  return new Map(said.flatMap(([name, isSaid, text]) => (isSaid ? [[name, text()] as const] : [])));
}

const rate = (kilobits: number): string => BitRate.ofBitsPerSecond(kilobits * BITS_PER_KILOBIT).toString();
const time = (microseconds: number): string => Duration.ofMicroseconds(microseconds).toString();
const octets = (count: number): string => ByteCount.ofBytes(count).toString();
const share = (ppm: number): string => Ratio.ofPartsPerMillion(ppm).toString();
