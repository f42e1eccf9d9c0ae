import { XMLParser } from 'fast-xml-parser';
import { messageOf, NetmgrError } from '../../errors.js';
import type { AttributeText, ElementText } from './element.js';
import { lineFinder, type LineFinder } from './line-finder.js';
import { printable } from './printable.js';

const METADATA = XMLParser.getMetaDataSymbol() as symbol;

/**
 * Reads the elements of a text that is well-formed XML without a document type.
 *
 * @throws NetmgrError `InvalidInput` for names that the parser refuses
 */
export function parseElements(text: string, file: string): ElementText {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    captureMetaData: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    maxNestedTags: 300,
  });
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch (cause) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the file cannot be read: ${printable(messageOf(cause))}`,
      at: { file, line: 1 },
      hint: 'Use only the elements and attributes that docs/xml.md names.',
      cause,
    });
  }
  const lineAt = lineFinder(text);
  const [root] = elementsIn(parsed, undefined, text, lineAt);
  if (root === undefined) {
    throw new NetmgrError({ kind: 'Bug', message: 'well-formed XML had no root', at: { file, line: 1 } });
  }
  return root;
}

function elementsIn(
  list: unknown,
  parent: ElementText | undefined,
  text: string,
  lineAt: LineFinder,
): ElementText[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Record<string | symbol, unknown>) => {
    const tag = Object.keys(item)[0];
    if (tag === undefined || tag.startsWith('#')) return [];
    const start = (item[METADATA] as { startIndex?: number } | undefined)?.startIndex ?? 0;
    const element: ElementText = {
      tag,
      name: tag.slice(tag.indexOf(':') + 1),
      line: lineAt(start),
      parent,
      attributes: attributesIn(text, start + 1 + tag.length, lineAt),
      children: [],
    };
    element.children = elementsIn(item[tag], element, text, lineAt);
    return [element];
  });
}

/**
 * Reads the attributes of one start tag from the text itself, because the parser does not say on which line
 * each of them stands.
 */
function attributesIn(text: string, from: number, lineAt: LineFinder): Map<string, AttributeText> {
  const attributes = new Map<string, AttributeText>();
  const pattern = /(\s+)([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, space = '', name = '', inDouble, inSingle] = match;
    if (name === 'xmlns' || name.includes(':')) continue;
    attributes.set(name, {
      value: attributeValue(inDouble ?? inSingle ?? ''),
      line: lineAt(match.index + space.length),
    });
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Normalises white space and replaces references, as XML 1.0, section 3.3.3 says. */
function attributeValue(raw: string): string {
  return raw
    .replace(/\r\n|[\t\r\n]/g, ' ')
    .replace(
      /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g,
      (reference, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? reference;
        return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
      },
    );
}
