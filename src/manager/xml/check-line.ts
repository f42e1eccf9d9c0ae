import { UINT32_MAX } from '../../mib/syntax.js';
import type { Line } from '../model/line.js';
import type { ModelFindings } from './model-findings.js';

/** Microseconds: tc takes no longer delay. */
const LONGEST_LATENCY = 274_000_000;
/** Microseconds: netem would take a longer jitter for this one. */
const LONGEST_JITTER = 2_147_483;
/** Octets of a full frame: a smaller burst lets none through. */
const SMALLEST_BURST = 1514;

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
  if (line.jitter?.microseconds === 1) {
    refuse(
      'jitter',
      'tc does not show a jitter of 1us, so that it could not be looked after',
      'The nearest is 2us.',
    );
  }
  if ((line.jitter?.microseconds ?? 0) > LONGEST_JITTER) {
    refuse('jitter', 'the jitter is more than netem takes', `The nearest is ${String(LONGEST_JITTER)}us.`);
  }
  const bits = line.bandwidth?.bitsPerSecond ?? 0;
  if (bits % 1000 !== 0) {
    const whole = Math.max(1, Math.round(bits / 1000));
    findings.add(
      line,
      'bandwidth',
      `the bandwidth of ${String(bits)} bit/s is no whole number of kbit/s`,
      `Write ${String(whole)}kbit.`,
      subject,
    );
  } else if (bits / 1000 > UINT32_MAX) {
    findings.add(
      line,
      'bandwidth',
      'the bandwidth is more than 4294967295 kbit/s',
      'Write less, or leave it out for no limit.',
      subject,
    );
  }
  if ((line.latency?.microseconds ?? 0) > LONGEST_LATENCY) {
    refuse('latency', 'the latency is more than tc takes', 'The nearest is 274s.');
  }
}
