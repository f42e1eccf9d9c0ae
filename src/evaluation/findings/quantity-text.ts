/** `256 kbit/s`, `1.5 Mbit/s`. */
export function rateText(bitsPerSecond: number): string {
  return bitsPerSecond < 1e6
    ? `${String(bitsPerSecond / 1e3)} kbit/s`
    : `${String(bitsPerSecond / 1e6)} Mbit/s`;
}

/** `0.1 ms` */
export function latencyText(microseconds: number): string {
  return `${String(microseconds / 1000)} ms`;
}

/** A share of 1 with its sign: `-0.12 %`. */
export function errorText(share: number): string {
  return `${share < 0 ? '' : '+'}${percentText(share)}`;
}

export function percentText(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
