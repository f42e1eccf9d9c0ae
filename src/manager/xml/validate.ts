import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import { NetmgrError } from '../../errors.js';
import { checkProlog } from './check-prolog.js';
import { checkRoot } from './check-root.js';
import type { ElementText } from './element.js';
import { Findings } from './findings.js';
import { parseElements } from './parse-elements.js';
import { printable } from './printable.js';
import { removeMisfits } from './remove-misfits.js';
import type { Schema } from './schema.js';

// The text has no DOCTYPE: these say the same once more, and let lines count beyond 65535.
const PARSE_OPTION: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_BIG_LINES;

export interface Validated {
  /** The elements without those that do not fit the schema. */
  readonly root: ElementText;
  readonly findings: Findings;
  /** Whether what is left in `root` fits the schema. */
  readonly fits: boolean;
}

/**
 * Checks a text against a schema; finds all errors, not only the first. Neither files nor the network are
 * touched, whatever the text refers to: libxml2 as WebAssembly has no way to them.
 *
 * @throws NetmgrError `InvalidInput` for what is no XML or no file of this kind at all
 */
export function validate(text: string, file: string, schema: Schema): Validated {
  if (text.trim() === '') {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'the file is empty',
      at: { file, line: 1 },
      hint: `Write <${schema.rootName} xmlns="${schema.namespace}" name="…">.`,
    });
  }
  checkProlog(text, file);
  const document = parseDocument(text, file);
  try {
    if (document.dtd !== null) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: 'the file has a document type',
        at: { file, line: 1 },
        hint: 'Remove the DOCTYPE.',
      });
    }
    checkRoot(document.root, schema, file);
    const root = parseElements(text, file);
    const findings = new Findings(file);
    return { root, findings, fits: removeMisfits(document, root, schema, findings) };
  } finally {
    document.dispose();
  }
}

function parseDocument(text: string, file: string): XmlDocument {
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
