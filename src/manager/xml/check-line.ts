import { UINT32_MAX } from '../../mib/syntax.js';
import type { BitRate } from '../../units/bit-rate.js';
import type { Duration } from '../../units/duration.js';
import type { ModelFindings } from './model-findings.js';

/** Checks the values of a link or an access against what the MIB can say: 32 bits of kbit/s and of microseconds. */
export function checkLine(
  line: { readonly bandwidth?: BitRate; readonly latency?: Duration },
  subject: string,
  findings: ModelFindings,
): void {
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
  if ((line.latency?.microseconds ?? 0) > UINT32_MAX) {
    findings.add(
      line,
      'latency',
      'the latency is more than 4294967295 us',
      'Write less: this is more than an hour.',
      subject,
    );
  }
}
