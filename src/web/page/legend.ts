import type { Load } from '../wire/load-of.js';
import { drawing, element } from './elements.js';
import { COMPARISON_WORDS, type Colouring } from './picture.js';
import { HEALTH_WORDS, healthIcon } from './shapes.js';

const LOAD_WORDS: Readonly<Record<Load, string>> = {
  idle: 'idle',
  light: 'up to 50 %',
  busy: '50 to 80 %',
  heavy: '80 to 95 %',
  full: '95 % and more',
  open: 'busy, without a limit',
};

/** Says what lines and marks mean. */
export function legend(colouring: Colouring): HTMLElement {
  const lines: readonly (readonly [look: string, words: string])[] =
    colouring === 'load'
      ? [...Object.entries(LOAD_WORDS), ['differs', 'link not in force as it should be']]
      : Object.entries(COMPARISON_WORDS);
  const title =
    colouring === 'load'
      ? 'Lines: the busiest link, of its bandwidth'
      : 'Lines: what runs, against what was asked';
  return element('div', { class: 'legend' }, [
    element('p', {}, title),
    element(
      'ul',
      {},
      [...lines, ['stale', 'stale'] as const].map(([look, words]) =>
        element('li', {}, [
          drawing(
            'svg',
            { class: 'sample', viewBox: '0 0 34 12', 'aria-hidden': 'true' },
            drawing('path', { d: 'M1 6h32', class: `way ${look}` }),
          ),
          words,
        ]),
      ),
    ),
    element('p', {}, 'Marks'),
    element(
      'ul',
      {},
      (['good', 'failing', 'stale', 'unknown'] as const).map((health) =>
        element('li', {}, [healthIcon(health), HEALTH_WORDS[health].replace(/:.*/, '')]),
      ),
    ),
  ]);
}
