const TAG_NAME = /[^\s/>]+/y;
const ATTRIBUTE = /\s+([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

/** The name of the element whose start tag begins at `start`, with its prefix, if it has one. */
export function tagAt(text: string, start: number): string {
  TAG_NAME.lastIndex = start + 1;
  return TAG_NAME.exec(text)?.[0] ?? '';
}

/**
 * Tells the attributes of a start tag of well-formed XML, without namespace declarations and attributes of other namespaces.
 *
 * @param from behind the name of the element
 * @param use takes the name, the value as it is written, and where in the text the attribute begins
 * @returns where the attributes end
 */
export function readAttributes(
  text: string,
  from: number,
  use: (name: string, raw: string, at: number) => void,
): number {
  let end = from;
  for (;;) {
    ATTRIBUTE.lastIndex = end;
    const match = ATTRIBUTE.exec(text);
    if (match === null) return end;
    end = ATTRIBUTE.lastIndex;
    const [whole, name = '', inDouble, inSingle] = match;
    if (name === 'xmlns' || name.includes(':')) continue;
    use(name, inDouble ?? inSingle ?? '', match.index + whole.search(/\S/));
  }
}
