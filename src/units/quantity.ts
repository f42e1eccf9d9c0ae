import { NetmgrError } from '../errors.js';

/**
 * Reads a number with a unit, such as `0.5ms`, exactly: the result is the value in the base unit, of which it is a
 * whole number.
 *
 * @param units the factor of each unit to the base unit
 * @throws NetmgrError `InvalidInput` that says which units exist, or which value is the nearest
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
  const value = Number(`${match[1] ?? '0'}.${match[2] ?? '0'}`) * factor;
  const whole = Math.round(value);
  if (Math.abs(value - whole) <= ROUNDING * Math.max(1, value)) return whole;
  const [unit, size] = Object.entries(units).find(([, one]) => one === 1) ?? [match[3] ?? '', factor];
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `"${text}" is finer than ${String(1 / size)}${unit}, of which a ${what} is a whole number`,
    hint: `The nearest is ${String(Math.max(1, whole) / size)}${unit}.`,
  });
}

/** What decimal fractions lose in binary ones. */
const ROUNDING = 1e-9;
