import { mean } from '../../statistics/summary.js';
import { samplesOf, type Sample } from '../sample.js';
import { boundOf, type Bound } from './bound.js';
import { percentText } from './quantity-text.js';

/** What links lost, over all repetitions; undefined where it was not measured. */
export interface LossFindings {
  readonly random: RandomLossFinding | undefined;
  readonly bursts: BurstLossFinding | undefined;
}

export interface RandomLossFinding {
  readonly asked: number;
  readonly lost: number;
  /** Three standard deviations of the binomial distribution. */
  readonly tolerance: number;
  readonly packets: number;
  /** Packets that NetEm saw for each segment that TCP sent: 1 where each has a fate of its own. */
  readonly packetsASegment: number;
  readonly goodput: number;
}

export interface BurstLossFinding {
  readonly p: number;
  readonly r: number;
  readonly sent: number;
  readonly lost: number;
  readonly expected: number;
  readonly tolerance: number;
  readonly lengths: readonly number[];
  /** The mean length of a burst, as expected, and three of its standard deviations. */
  readonly expectedLength: number;
  readonly lengthTolerance: number;
}

const SIGMAS = 3;
/** Of packets and segments: acknowledgements and repeated handshakes are segments too. */
const MOST_APART = 0.02;

export function lossFindings(samples: readonly Sample[]): LossFindings {
  return { random: randomOf(samples), bursts: burstsOf(samples) };
}

function randomOf(samples: readonly Sample[]): RandomLossFinding | undefined {
  const all = samplesOf(samples, 'random-loss');
  const asked = all[0]?.asked;
  if (asked === undefined) return undefined;
  const sum = (of: (sample: (typeof all)[number]) => number): number =>
    all.reduce((total, sample) => total + of(sample), 0);
  const packets = sum(({ passed, dropped }) => passed + dropped);
  return {
    ...{ asked, packets, lost: sum(({ dropped }) => dropped) / packets },
    tolerance: SIGMAS * Math.sqrt((asked * (1 - asked)) / packets),
    packetsASegment: packets / sum(({ segments }) => segments),
    goodput: mean(all.map(({ goodput }) => goodput)),
  };
}

/** The Gilbert model: a burst ends with probability r at each packet, and successive packets depend by 1 - p - r. */
function burstsOf(samples: readonly Sample[]): BurstLossFinding | undefined {
  const all = samplesOf(samples, 'burst-loss');
  const [first] = all;
  if (first === undefined) return undefined;
  const { p, r } = first;
  const sent = all.reduce((sum, sample) => sum + sample.sent, 0);
  const lengths = all.flatMap((sample) => sample.lengths);
  const [expected, dependence] = [p / (p + r), 1 - p - r];
  const variance = (expected * (1 - expected) * (1 + dependence)) / (1 - dependence) / sent;
  return {
    ...{ p, r, sent, lengths, expected },
    lost: all.reduce((sum, sample) => sum + sample.lost, 0) / sent,
    tolerance: SIGMAS * Math.sqrt(variance),
    expectedLength: 1 / r,
    lengthTolerance: (SIGMAS * Math.sqrt(1 - r)) / r / Math.sqrt(lengths.length),
  };
}

export function lossBounds(samples: readonly Sample[]): Bound[] {
  const { random, bursts } = lossFindings(samples);
  return [
    ...boundOf(
      'loss',
      'Random loss under TCP: the share that is asked for, within three standard deviations',
      random === undefined ? [] : [random],
      ({ lost, asked, tolerance }) => Math.abs(lost - asked) / tolerance,
      ({ lost, asked }) => `${percentText(lost)} of ${percentText(asked)}`,
    ),
    ...boundOf(
      'loss',
      'Packets of the wire are lost, not super-packets: as many as TCP sends segments, within 2 %',
      random === undefined ? [] : [random],
      ({ packetsASegment }) => Math.abs(packetsASegment - 1) / MOST_APART,
      ({ packetsASegment }) => `${packetsASegment.toFixed(3)} packets a segment`,
    ),
    ...boundOf(
      'loss',
      'Loss in bursts (Gilbert-Elliott): the share, within three standard deviations',
      bursts === undefined ? [] : [bursts],
      ({ lost, expected, tolerance }) => Math.abs(lost - expected) / tolerance,
      ({ lost, expected }) => `${percentText(lost)} of ${percentText(expected)}`,
    ),
    ...boundOf(
      'loss',
      'Loss in bursts: their mean length, within three standard deviations',
      bursts === undefined ? [] : [bursts],
      ({ lengths, expectedLength, lengthTolerance }) =>
        Math.abs(mean(lengths) - expectedLength) / lengthTolerance,
      ({ lengths, expectedLength }) =>
        `${mean(lengths).toFixed(2)} of ${expectedLength.toFixed(2)} packets a burst`,
    ),
  ];
}
