import { visible } from '../../xml/printable.js';

/** A piece of an HTML-like label of Graphviz. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = string | number | Markup | readonly Markup[];

/**
 * An HTML-like label. What is put into it as text is escaped; markup and lists of it are not.
 *
 * @see https://graphviz.org/doc/info/shapes.html#html
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  // A blank in a cell is text to Graphviz, which a table may not stand beside.
  const texts = parts.flatMap((part, i) => {
    const value = values[i];
    return [part.replace(/\n\s*/g, ''), ...(value === undefined ? [] : [textOf(value)])];
  });
  return new Markup(texts.join(''));
}

function textOf(value: Content): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

/** Text in which nothing is markup, and nothing is invisible; Graphviz takes no empty one. */
function escaped(text: string): string {
  return visible(text || ' ').replace(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);
}

/** Lines one below the other. In a text, Graphviz has them so close that they touch; in a table there is room between them. */
export function lines(all: readonly Markup[], align: 'CENTER' | 'LEFT' = 'CENTER'): Markup {
  return markup`
    <TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">
      ${all.map((line) => markup`<TR><TD ALIGN="${align}">${line}</TD></TR>`)}
    </TABLE>`;
}

/** As many words to a line as fit; a word is not torn. */
export function wrapped(words: readonly string[], width: number, separator = ' '): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const last = rows.at(-1);
    if (last === undefined || last.length + separator.length + word.length > width) rows.push(word);
    else rows[rows.length - 1] = `${last}${separator}${word}`;
  }
  return rows;
}
