import { XmlValidateError, type XmlDocument } from 'libxml2-wasm';
import { NetmgrError } from '../../errors.js';
import type { ElementText } from './element.js';
import { parseDocument } from './parse-document.js';
import type { Schema } from './schema.js';

/** Characters of a piece. libxml2's tree takes some fifteen times as many octets, and to be given that memory takes longer than all the rest. */
const PIECE = 524_288;

/**
 * Whether a text is well-formed and fits a schema, found by looking at pieces of it: each is some of the elements below the root, within
 * the root's tags. Contents in a row are well-formed content if each of them is (XML 1.0, production 43), and our roots may contain their
 * elements in any number and order, and say nothing of several of them together: so the whole fits if each piece does.
 *
 * @param root the elements of the text, if it is well-formed
 * @param piece characters of a piece
 * @returns false also where that cannot be found this way
 */
export function fitsInPieces(
  text: string,
  file: string,
  root: ElementText,
  schema: Schema,
  piece = PIECE,
): boolean {
  for (const part of piecesOf(text, root, piece)) {
    const document = wellFormed(part, file);
    if (document === undefined) return false;
    try {
      if (document.dtd !== null || !fits(document, schema)) return false;
    } finally {
      document.dispose();
    }
  }
  return true;
}

function* piecesOf(text: string, root: ElementText, piece: number): Generator<string> {
  const [first, ...others] = root.children;
  const beginning = text.slice(0, first?.start ?? 0);
  let from = beginning.length;
  for (const { start } of others) {
    if (start - from < Math.max(piece, beginning.length)) continue;
    yield `${beginning}${text.slice(from, start)}</${root.tag}>`;
    from = start;
  }
  yield `${beginning}${text.slice(from)}`;
}

function wellFormed(text: string, file: string): XmlDocument | undefined {
  try {
    return parseDocument(text, file);
  } catch (error) {
    if (error instanceof NetmgrError) return undefined;
    throw error;
  }
}

function fits(document: XmlDocument, schema: Schema): boolean {
  try {
    schema.validator.validate(document);
    return true;
  } catch (error) {
    if (error instanceof XmlValidateError) return false;
    throw error;
  }
}
