/** A rate in bits per second, for reading: `9.83 Mbit/s`. */
export function rateText(bitsPerSecond: number): string {
  return withUnit(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
}

/** The same where there is little room: `9.8M`. */
export function shortRateText(bitsPerSecond: number): string {
  return withUnit(bitsPerSecond, ['', 'k', 'M', 'G', 'T'], 2).replace(' ', '');
}

/** A duration in microseconds: `20.1 ms`. */
export function durationText(microseconds: number): string {
  return withUnit(microseconds, ['µs', 'ms', 's']);
}

/** A share from 0 to 1: `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 10 ? percent.toPrecision(2) : percent.toFixed(0)} %`;
}

/** How long ago something was, in milliseconds: `12 s`, `3 min`. */
export function ageText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${String(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${String(minutes)} min` : `${String(Math.round(minutes / 60))} h`;
}

/** As many digits that count, and the unit, each a thousand of the one before. */
function withUnit(value: number, units: readonly string[], digits = 3): string {
  let rest = value;
  let unit = 0;
  // What would be rounded to 1000 is 1 of the next.
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const isWhole = rest >= 10 ** (digits - 1) || (unit === 0 && Number.isInteger(rest));
  const text = isWhole ? rest.toFixed(0) : String(Number(rest.toPrecision(digits)));
  return `${text} ${units[unit] ?? ''}`.trimEnd();
}
