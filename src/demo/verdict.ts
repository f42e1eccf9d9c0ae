/** What the demo's last line says; undefined where it did not come so far. */
export interface Verdict {
  readonly machines: number;
  pairs: number;
  wrong: number;
  /** A share of 1. */
  bandwidthError: number | undefined;
  /** Milliseconds. */
  latencyError: number | undefined;
  /** Seconds. */
  applied: number | undefined;
}

/** The demo's last line, always of this form. */
export function verdictLine(verdict: Verdict): string {
  const { machines, pairs, wrong, bandwidthError, latencyError, applied } = verdict;
  const percent = bandwidthError === undefined ? undefined : bandwidthError * 100;
  return [
    `demo: ${String(machines)} machines, ${String(pairs)} pairs probed, ${String(wrong)} wrong`,
    `worst bandwidth error ${oneDigit(percent)} %, worst latency error ${oneDigit(latencyError)} ms`,
    `applied in ${oneDigit(applied)} s`,
  ].join('; ');
}

function oneDigit(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}
