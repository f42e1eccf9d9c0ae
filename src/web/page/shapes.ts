import type { Health } from '../wire/network-view.js';
import { drawing } from './elements.js';

/** Shapes that are told apart without colour, within a circle of the radius 5 around 0. */
const SHAPES: Readonly<Record<Health, string>> = {
  good: 'M0-4.5a4.5 4.5 0 1 0 .01 0z',
  failing: 'M0-5.5 5.5 4.5h-11z',
  stale: 'M-4.5-1.5h9v3h-9z',
  unknown: 'M0-4a4 4 0 1 0 .01 0z',
};

export const HEALTH_WORDS: Readonly<Record<Health, string>> = {
  good: 'in order',
  failing: 'not as it should be',
  stale: 'stale: its host says nothing new',
  unknown: 'not known yet',
};

/** A mark of how something is, which is not known yet. */
export function healthMark(x: number, y: number): SVGPathElement {
  const mark = drawing('path', { transform: `translate(${String(x)} ${String(y)})` });
  showHealth(mark, 'unknown');
  return mark;
}

export function showHealth(mark: SVGPathElement, health: Health): void {
  mark.setAttribute('d', SHAPES[health]);
  mark.setAttribute('class', `mark ${health}`);
}

/** The same, to stand in text. */
export function healthIcon(health: Health): SVGSVGElement {
  const mark = healthMark(0, 0);
  showHealth(mark, health);
  const attributes = {
    class: 'icon',
    viewBox: '-6 -6 12 12',
    role: 'img',
    'aria-label': HEALTH_WORDS[health],
  };
  return drawing('svg', attributes, mark);
}
