import { ParseOption, XmlDocument } from 'libxml2-wasm';

// A text with a DOCTYPE comes not so far: these say the same once more, and let lines count beyond 65535.
const PARSE_OPTION: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_BIG_LINES;

/**
 * Reads a text with libxml2. Neither files nor the network are touched, whatever the text refers to: as WebAssembly it has no
 * way to them.
 *
 * @throws XmlParseError for what is no well-formed XML
 */
export const documentOf = (text: string): XmlDocument =>
  XmlDocument.fromString(text, { option: PARSE_OPTION });
