import { Attributes } from './attributes.js';
import { ElementText, type SourceText } from './element.js';
import { lineFinder } from './line-finder.js';
import { readAttributes, tagAt } from './start-tag.js';

/** What holds no elements, by how it begins and ends. */
const OTHERS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** As libxml2 without XML_PARSE_HUGE: what is nested deeper is refused. */
const DEEPEST = 256;
/** More than any environment has: what has more is left to libxml2. */
const MOST_ELEMENTS = 4_000_000;
const LAST_CODE_POINT = 0x10ffff;

/**
 * Reads the elements of a text without a document type: a `<` begins a tag, a comment, a CDATA section or a processing
 * instruction, and each of these ends. Whether it is well-formed XML is for libxml2 to say; where it is not, what is read means nothing.
 *
 * @returns undefined for what cannot be well-formed, or has too many elements
 */
export function parseElements(text: string): ElementText | undefined {
  const source: SourceText = { text, lineAt: lineFinder(text) };
  let root: ElementText | undefined;
  let parent: ElementText | undefined;
  let depth = 0;
  let count = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const other = text[at + 1] === '!' || text[at + 1] === '?' ? endOfOther(text, at) : undefined;
    if (other !== undefined) {
      if (other < at) return undefined;
      at = other;
    } else if (text[at + 1] === '/') {
      parent = parent?.parent;
      depth--;
      at += 2;
    } else {
      const { element, end, isEmpty } = readElement(source, at, parent);
      if (end < at) return undefined;
      root ??= element;
      parent?.append(element);
      if (!isEmpty) {
        parent = element;
        depth++;
      }
      if (depth > DEEPEST || ++count > MOST_ELEMENTS) return undefined;
      at = end;
    }
  }
  return root;
}

/** Where it ends; before its beginning where it does not; undefined where it is an element. */
function endOfOther(text: string, at: number): number | undefined {
  const other = OTHERS.find(([mark]) => text.startsWith(mark, at));
  if (other === undefined) return undefined;
  const [begin, end] = other;
  const found = text.indexOf(end, at + begin.length);
  return found === -1 ? -1 : found + end.length;
}

function readElement(
  source: SourceText,
  start: number,
  parent: ElementText | undefined,
): { element: ElementText; end: number; isEmpty: boolean } {
  const { text } = source;
  const tag = tagAt(text, start);
  const name = tag.slice(tag.indexOf(':') + 1);
  const parts: string[] = [];
  const behind = readAttributes(text, start + 1 + tag.length, (attribute, raw) => {
    parts.push(attribute, attributeValue(raw));
  });
  const end = text.indexOf('>', behind);
  const element = new ElementText(source, start, tag, name, parent, new Attributes(parts));
  return { element, end, isEmpty: text[end - 1] === '/' };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Normalises white space and replaces references, as XML 1.0, section 3.3.3 says. */
function attributeValue(raw: string): string {
  if (!/[&\t\r\n]/.test(raw)) return raw;
  return raw
    .replace(/\r\n|[\t\r\n]/g, ' ')
    .replace(
      /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g,
      (reference, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? reference;
        const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return point > LAST_CODE_POINT ? reference : String.fromCodePoint(point);
      },
    );
}
