import { markup, wrapped, type Markup } from './markup.js';
import { SIZES } from './style.js';

/** Characters of a line in a box. */
const BOX_WIDTH = 24;

export function nameLine(name: string): Markup {
  return markup`<B>${name}</B>`;
}

/** In the smaller letters, in as many lines as it needs. */
export function smallLines(text: string, width = BOX_WIDTH): Markup[] {
  return wrapped(text.split(' '), width).map(smallLine);
}

export function smallLine(text: string): Markup {
  return markup`<FONT POINT-SIZE="${SIZES.small}">${text}</FONT>`;
}
