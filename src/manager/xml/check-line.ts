import { LONGEST_JITTER, LONGEST_LATENCY, SHORTEST_JITTER, SMALLEST_BURST } from '../../mib/profile-table.js';
import { UINT32_MAX } from '../../mib/syntax.js';
import type { Line } from '../model/line.js';
import type { ModelFindings } from './model-findings.js';

/** Checks the values of a link or an access against what the MIB can say and the kernel can do. */
export function checkLine(line: Line, subject: string, findings: ModelFindings): void {
  const refuse = (attribute: string, message: string, hint: string): void => {
    findings.add(line, attribute, message, hint, subject);
  };
  const { burst, queue } = line;
  if (burst !== undefined && (burst.bytes < SMALLEST_BURST || burst.bytes > UINT32_MAX)) {
    const nearest = burst.bytes < SMALLEST_BURST ? SMALLEST_BURST : UINT32_MAX;
    refuse('burst', `the burst of ${burst.toString()} cannot be`, `The nearest is ${String(nearest)}B.`);
  }
  const length = queue?.time?.microseconds ?? queue?.bytes?.bytes ?? queue?.packets;
  if (length !== undefined && (length < 1 || length > UINT32_MAX)) {
    refuse(
      'queue',
      `the queue of ${String(queue)} cannot be`,
      'Write from 1 to 4294967295 us, B or packets.',
    );
  }
  const jitter = line.jitter?.microseconds ?? 0;
  if (jitter > 0 && jitter < SHORTEST_JITTER) {
    refuse(
      'jitter',
      'tc does not show a jitter of 1us, so that it could not be looked after',
      'The nearest is 2us.',
    );
  }
  if (jitter > LONGEST_JITTER) {
    refuse('jitter', 'the jitter is more than netem takes', `The nearest is ${String(LONGEST_JITTER)}us.`);
  }
  const bits = line.bandwidth?.bitsPerSecond ?? 0;
  if (bits % 1000 !== 0) {
    const whole = Math.max(1, Math.round(bits / 1000));
    refuse(
      'bandwidth',
      `the bandwidth of ${String(bits)} bit/s is no whole number of kbit/s`,
      `Write ${String(whole)}kbit.`,
    );
  } else if (bits / 1000 > UINT32_MAX) {
    refuse(
      'bandwidth',
      'the bandwidth is more than 4294967295 kbit/s',
      'Write less, or leave it out for no limit.',
    );
  }
  if ((line.latency?.microseconds ?? 0) > LONGEST_LATENCY) {
    refuse('latency', 'the latency is more than tc takes', 'The nearest is 274s.');
  }
}
