import { InvalidArgumentError } from 'commander';

const LARGEST = 1e9;

/** Reads an option that is a whole number of a range, in decimal digits. @throws InvalidArgumentError */
export function wholeNumber(min: number, max = LARGEST): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value;
    const range = max === LARGEST ? `${String(min)} on` : `${String(min)} to ${String(max)}`;
    throw new InvalidArgumentError(`Give a whole number from ${range}.`);
  };
}
