import { mean, median, standardDeviation } from '../statistics/summary.js';
import { isDisturbed, isStalled } from './disturbance.js';
import { errorText, latencyText, rateText } from './findings/quantity-text.js';
import type { Sample } from './sample.js';
import { burstOf, GOODPUT, mostBurst } from './theory.js';

/** What was measured, as a line of progress of at most 80 columns. */
export function sampleLine(sample: Sample): string | undefined {
  switch (sample.kind) {
    case 'throughput': {
      const ideal = sample.rate * GOODPUT[sample.protocol];
      const value = mean(sample.seconds);
      return columns(
        `${rateText(sample.rate)} ${sample.placement} ${sample.protocol.toUpperCase()}`,
        `${(value / 1e6).toFixed(4)} Mbit/s, ${errorText(value / ideal - 1)}`,
        isStalled(sample.standstills, sample.rate),
      );
    }
    case 'burst': {
      const burst = burstOf(sample.arrivals, sample.frame, sample.rate);
      return columns(
        `${rateText(sample.rate)} ${sample.placement} burst`,
        `${burst.toFixed(0)} octets at once, at most ${mostBurst(sample.rate).toFixed(0)}`,
      );
    }
    case 'round-trips': {
      const off = sample.mean - (2 * sample.latency) / 1000;
      return columns(
        `${latencyText(sample.latency)} ${sample.placement}`,
        `${sample.mean.toFixed(3)} ms there and back, off ${off.toFixed(3)} ± ${sample.deviation.toFixed(3)}`,
        isDisturbed(sample.control),
      );
    }
    case 'task':
      return columns(
        `${rateText(sample.rate)} task ${String(sample.number)} ${sample.node}`,
        `${sample.sending.toFixed(0)} ms there, ${sample.receiving.toFixed(0)} ms back`,
      );
    case 'delays':
      return columns(
        `${sample.distribution} jitter`,
        `median ${(median(sample.delays) / 1000).toFixed(2)} ms, deviation ${(standardDeviation(sample.delays) / 1000).toFixed(2)} ms`,
      );
    case 'random-loss':
      return columns(
        'random loss under TCP',
        `${String(sample.dropped)} of ${String(sample.passed + sample.dropped)} packets`,
      );
    case 'burst-loss':
      return columns(
        'loss in bursts',
        `${String(sample.lost)} of ${String(sample.sent)}, in ${String(sample.lengths.length)} bursts`,
      );
    case 'table':
      return undefined;
  }
}

function columns(what: string, value: string, disturbed = false): string {
  return `  ${what.padEnd(27)} ${value}${disturbed ? ' *' : ''}`;
}
