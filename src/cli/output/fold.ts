/** Columns of a terminal that everybody has. */
const WIDTH = 80;
/** Of what goes on, beyond the indent of its first line. */
const HANGING = 4;

/** Breaks a line at its blanks so that it fits a terminal; what has none stays whole. */
export function fold(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let open = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const isFirst = open.trim() === '';
    if (!isFirst && open.length + 1 + word.length > WIDTH) {
      lines.push(open);
      open = indent + ' '.repeat(HANGING) + word;
    } else {
      open = isFirst ? open + word : `${open} ${word}`;
    }
  }
  return [...lines, open];
}
