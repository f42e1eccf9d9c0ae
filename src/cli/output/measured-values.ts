import type { Measurement } from '../../manager/verify/verdict.js';

/** A measured value with its unit. */
export function valueText(quantity: Measurement['quantity'], value: number): string {
  switch (quantity) {
    case 'latency':
      return `${(value / 1000).toFixed(2)} ms`;
    case 'loss':
      return `${(value * 100).toFixed(2)} %`;
    case 'bandwidth':
      return value < 1e6 ? `${(value / 1e3).toFixed(1)} kbit/s` : `${(value / 1e6).toFixed(3)} Mbit/s`;
  }
}

/** How far it is off: a latency by time, a loss by packets of a hundred, a bandwidth by its share. */
export function errorText(quantity: Measurement['quantity'], asked: number, measured: number): string {
  const sign = measured < asked ? '-' : '+';
  const off = Math.abs(measured - asked);
  if (quantity === 'latency') return `${sign}${(off / 1000).toFixed(2)} ms`;
  return `${sign}${((quantity === 'loss' ? off : off / asked) * 100).toFixed(2)} %`;
}
