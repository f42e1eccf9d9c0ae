import { mean, median } from '../../statistics/summary.js';
import { isDisturbed, isStalled, missedShare } from '../disturbance.js';
import type { Experiment } from '../experiments.js';
import { samplesOf, type Control, type Sample } from '../sample.js';
import { burstOf, GOODPUT, mostBurst, transferTime } from '../theory.js';
import { csv } from './csv.js';

const CONTROL = ['control_median_ms', 'control_deviation_ms', 'control_worst_ms'];

function controlCells({ median: middle, deviation, worst }: Control): (number | null)[] {
  return [middle, deviation, worst];
}

/** What was measured, as CSV files by name, a row for each measurement. */
export const SAMPLE_TABLES: Readonly<
  Record<Experiment, (samples: readonly Sample[]) => Record<string, string>>
> = {
  bandwidth: (samples) => ({
    'bandwidth.csv': csv([
      [
        'placement',
        'protocol',
        'configured_bps',
        'theory_bps',
        'repetition',
        'measured_bps',
        'stalled',
        'missed_share',
        'worst_standstill_ms',
      ],
      ...samplesOf(samples, 'throughput').map((one) => [
        ...[one.placement, one.protocol, one.rate, one.rate * GOODPUT[one.protocol], one.repetition],
        ...[mean(one.seconds), isStalled(one.standstills, one.rate), missedShare(one.standstills, one.rate)],
        Math.max(0, ...one.standstills.late),
      ]),
    ]),
    'bursts.csv': csv([
      ['placement', 'configured_bps', 'repetition', 'allowed_octets', 'measured_octets'],
      ...samplesOf(samples, 'burst').map((one) => [
        ...[one.placement, one.rate, one.repetition, mostBurst(one.rate)],
        burstOf(one.arrivals, one.frame, one.rate),
      ]),
    ]),
  }),
  latency: (samples) => ({
    'latency.csv': csv([
      [
        ...[
          'placement',
          'configured_us',
          'theory_ms',
          'repetition',
          'answered',
          'sent',
          'mean_ms',
          'median_ms',
        ],
        ...['deviation_ms', 'worst_ms', 'disturbed', ...CONTROL],
      ],
      ...samplesOf(samples, 'round-trips').map((one) => [
        ...[one.placement, one.latency, (2 * one.latency) / 1000, one.repetition, one.times.length, one.sent],
        ...[one.mean, median(one.times), one.deviation, Math.max(...one.times)],
        ...[isDisturbed(one.control), ...controlCells(one.control)],
      ]),
    ]),
  }),
  table2: (samples) => ({
    'table2.csv': csv([
      ['configured_bps', 'task', 'node', 'octets', 'theory_ms', 'sending_ms', 'receiving_ms', 'intact'],
      ...samplesOf(samples, 'task').map((one) => [
        ...[one.rate, one.number, one.node, one.octets, transferTime(one.octets, one.rate)],
        ...[one.sending, one.receiving, one.intact],
      ]),
    ]),
  }),
  jitter: (samples) => ({
    'jitter.csv': csv([
      ['distribution', 'latency_us', 'jitter_us', 'repetition', 'delay_us'],
      ...samplesOf(samples, 'delays').flatMap((one) =>
        one.delays.map((delay) => [one.distribution, one.latency, one.jitter, one.repetition, delay]),
      ),
    ]),
  }),
  loss: (samples) => ({
    'loss.csv': csv([
      ['kind', 'repetition', 'asked', 'packets', 'lost', 'segments', 'goodput_bps'],
      ...samplesOf(samples, 'random-loss').map((one) => [
        ...['random', one.repetition, one.asked, one.passed + one.dropped, one.dropped],
        ...[one.segments, one.goodput],
      ]),
      ...samplesOf(samples, 'burst-loss').map((one) => [
        ...['bursts', one.repetition, one.p / (one.p + one.r), one.sent, one.lost],
      ]),
    ]),
    'loss-bursts.csv': csv([
      ['repetition', 'length'],
      ...samplesOf(samples, 'burst-loss').flatMap((one) =>
        one.lengths.map((length) => [one.repetition, length]),
      ),
    ]),
  }),
};
