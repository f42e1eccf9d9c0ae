import type { Experiment } from '../../experiments.js';
import type { Results } from '../../results.js';
import { html, type Html } from '../../../html/html.js';

export interface Section {
  readonly experiment: Experiment;
  readonly title: string;
  readonly body: Html;
}

/** Why a part ended too early, if it did. */
export function failureNotice(results: Results, experiment: Experiment): Html {
  const failure = results.parts.find((part) => part.experiment === experiment)?.failure;
  return failure === undefined
    ? html``
    : html`<p class="failed">
        This part ended before it was done: ${failure}. What follows is what was measured until then.
      </p>`;
}

/** A mean with its confidence interval. */
export function withInterval(
  { mean, halfWidth }: { readonly mean: number; readonly halfWidth: number | undefined },
  digits: number,
): string {
  return halfWidth === undefined
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
}

export function signed(value: number, digits: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;
}
