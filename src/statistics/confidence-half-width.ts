import { standardDeviation } from './summary.js';

// Student's t, two-sided 95 %, by degrees of freedom from 1 (any table, such as NIST/SEMATECH e-Handbook 1.3.6.7.2).
const STUDENT_T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL = 1.96;

/**
 * How far the 95 % confidence interval of the values' mean reaches to either side, by Student's t. Undefined of fewer
 * than two values, which say nothing of their spread.
 */
export function confidenceHalfWidth(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const t = STUDENT_T[values.length - 2] ?? NORMAL;
  return (t * standardDeviation(values)) / Math.sqrt(values.length);
}
