import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import { NetmgrError } from '../../errors.js';
import { printable } from './printable.js';

// The text has no DOCTYPE: these say the same once more, and let lines count beyond 65535.
const PARSE_OPTION: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_BIG_LINES;

/** libxml2's tree of a text. Holds WASM memory until disposed. @throws NetmgrError `InvalidInput` if it is no well-formed XML */
export function parseDocument(text: string, file: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, { option: PARSE_OPTION });
  } catch (cause) {
    if (!(cause instanceof XmlParseError)) throw cause;
    const [first] = cause.details;
    const words = printable((first?.message ?? cause.message).trim().split('\n')[0] ?? '');
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the file is no well-formed XML: ${words}`,
      at: { file, line: Math.max(1, first?.line ?? 1) },
      hint: 'Check that each tag is closed, each attribute value is in quotation marks, and & and < are written &amp; and &lt;.',
      cause,
    });
  }
}
