import { median } from '../statistics/summary.js';
import type { Figure } from './bench.js';
import { holds } from './bench.js';

/** What became of one bench. */
export interface BenchResult {
  readonly name: string;
  readonly measures: string;
  readonly figures: readonly Figure[];
  /** Why it could not be measured, or not to its end. */
  readonly failure?: string;
  /** How long all of it took. */
  readonly seconds: number;
}

const [WHAT, VALUE, RATIO] = [34, 11, 9] as const;
const WIDTH = 80;

/** The figures of a bench as lines of at most 80 columns. */
export function tableOf({ name, measures, figures, failure }: BenchResult): string[] {
  const lines = [`${name}: ${measures}`];
  if (figures.length > 0) {
    lines.push(
      `  ${'measured'.padStart(WHAT - 2 + VALUE)}${'beside'.padStart(VALUE)}${'ratio'.padStart(RATIO)}${'bound'.padStart(VALUE)}`,
    );
  }
  let beside = '';
  for (const figure of figures) {
    const next = figure.beside?.what ?? '';
    if (next !== '' && next !== beside) lines.push(`  beside ${next}:`);
    beside = next;
    lines.push(rowOf(figure), ...samplesOf(figure));
  }
  if (failure !== undefined) lines.push(`  FAILED: ${failure}`);
  return lines;
}

function rowOf(figure: Figure): string {
  const { what, value, unit, beside, bound } = figure;
  const limit = bound?.atMost ?? bound?.atLeast;
  const cells = [
    `  ${what}`.padEnd(WHAT),
    quantity(value, unit).padStart(VALUE),
    (beside === undefined ? '' : quantity(beside.value, unit)).padStart(VALUE),
    (beside === undefined ? '' : `${threeDigits(value / beside.value)} ×`).padStart(RATIO),
    (limit === undefined ? '' : quantity(limit, unit)).padStart(VALUE),
    holds(figure) === false ? ' !' : '',
  ];
  return cells.join('').trimEnd();
}

/** The samples of a figure in lines of their own, and how far they are apart in shares of their median. */
function samplesOf({ samples = [], isShown = false }: Figure): string[] {
  if (!isShown || samples.length === 0) return [];
  const spread = ((Math.max(...samples) - Math.min(...samples)) / median(samples)) * 100;
  const words = [...samples.map(threeDigits), `(spread ${threeDigits(Math.round(spread))} %)`];
  return words.reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    const longer = `${last ?? '   '} ${word}`;
    return last === undefined || longer.length > WIDTH
      ? [...lines, `    ${word}`]
      : [...lines.slice(0, -1), longer];
  }, []);
}

const quantity = (value: number, unit: string): string => `${threeDigits(value)} ${unit}`;

/** Three digits that count; whole numbers beyond a thousand. */
function threeDigits(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-GB');
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

/** The bounds of some results that do not hold, a line each. */
export function missedOf(results: readonly BenchResult[]): string[] {
  return results.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => holds(figure) === false)
      .map(({ what, value, unit, bound }) => {
        const limit = bound?.atMost ?? bound?.atLeast ?? NaN;
        const side = bound?.atMost === undefined ? 'at least' : 'at most';
        return `${name}, ${what}: ${quantity(value, unit)}, ${side} ${quantity(limit, unit)} wanted (${bound?.words ?? ''})`;
      }),
  );
}
