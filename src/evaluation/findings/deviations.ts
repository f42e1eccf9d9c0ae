import { median } from '../../statistics/summary.js';
import { isDisturbed, isStalled } from '../disturbance.js';
import type { Experiment } from '../experiments.js';
import { samplesOf, type Sample } from '../sample.js';
import { throughputRows } from './bandwidth-findings.js';
import type { Bound } from './bound.js';

/** What of the data says why bounds did not hold, in sentences, for each experiment of which one did not. */
export function deviationsOf(
  bounds: readonly Bound[],
  samples: readonly Sample[],
): readonly { readonly experiment: Experiment; readonly sentences: readonly string[] }[] {
  const missed = new Set(bounds.filter(({ held }) => !held).map(({ experiment }) => experiment));
  return [...missed].map((experiment) => ({ experiment, sentences: sentencesOf(experiment, samples) }));
}

function sentencesOf(experiment: Experiment, samples: readonly Sample[]): string[] {
  switch (experiment) {
    case 'bandwidth':
      return bandwidth(samples);
    case 'latency':
      return latency(samples);
    case 'table2':
      return [
        'A file that changed, or came faster than its link allows, is a fault of netmgr or of the relay.',
      ];
    case 'jitter':
    case 'loss':
      return [
        'A busy machine delays datagrams and, where it stands still, loses them for want of room; measure again when it is idle.',
      ];
  }
}

function bandwidth(samples: readonly Sample[]): string[] {
  const all = samplesOf(samples, 'throughput');
  const stalled = all.filter(({ standstills, rate }) => isStalled(standstills, rate)).length;
  const rows = throughputRows(samples);
  const slow = rows.filter(({ error }) => error < -0.005);
  const slowest = Math.min(...slow.map(({ rate }) => rate));
  return [
    `In ${String(stalled)} of ${String(all.length)} measurements the lab's kernel woke up late so often that more than 0.1 % of the rate was missed; what a link does not send then it cannot make good beyond its burst.`,
    ...(slow.length === 0
      ? []
      : [
          `Too little came at ${String(slowest / 1e6)} Mbit/s and above or in single cases: the lab's processors send, shape and receive, and a User-Mode Linux kernel has one.`,
        ]),
    ...(rows.some(({ error }) => error > 0.005)
      ? [
          'Too much at low rates is the counting: a second has few frames, and one that the machine kept back counts in the next.',
        ]
      : []),
  ];
}

function latency(samples: readonly Sample[]): string[] {
  const all = samplesOf(samples, 'round-trips');
  const disturbed = all.filter(({ control }) => isDisturbed(control)).length;
  const base = median(all.flatMap(({ control }) => (control.median === null ? [] : [control.median])));
  const offs = median(all.map(({ times, latency: oneWay }) => median(times) - (2 * oneWay) / 1000));
  return [
    `In the same moments a ping with nothing between took ${base.toFixed(2)} ms (median), which is part of every round trip. The median of all that was measured is ${offs.toFixed(2)} ms above theory, so ${(offs - base).toFixed(2)} ms are the two delays' own: the kernel's timers fire late.`,
    `In ${String(disturbed)} of ${String(all.length)} repetitions a control ping came more than 2 ms late: the machine was busy elsewhere.`,
  ];
}
