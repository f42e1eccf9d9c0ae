import { NetmgrError } from '../errors.js';

/**
 * Reads a number with a unit, such as `0.5ms`, exactly: the result is the value in the base unit, rounded to
 * the nearest whole one only where decimal digits beyond it were written.
 *
 * @param units the factor of each unit to the base unit
 * @throws NetmgrError `InvalidInput` that says which units exist
 */
export function readQuantity(
  text: string,
  units: Readonly<Record<string, number>>,
  what: string,
  example: string,
): number {
  const names = Object.keys(units);
  const match = /^([0-9]+)(?:\.([0-9]+))?([A-Za-z%]*)$/.exec(text);
  const factor = match === null ? undefined : units[match[3] ?? ''];
  if (match === null || factor === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${text}" is no ${what}`,
      hint: `Write a number with one of the units ${names.join(', ')}, for instance ${example}.`,
    });
  }
  return Math.round(Number(`${match[1] ?? '0'}.${match[2] ?? '0'}`) * factor);
}
