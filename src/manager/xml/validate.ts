import { NetmgrError } from '../../errors.js';
import { checkProlog } from './check-prolog.js';
import { checkRoot } from './check-root.js';
import type { ElementText } from './element.js';
import { Findings } from './findings.js';
import { fitsInPieces } from './fits-in-pieces.js';
import { parseDocument } from './parse-document.js';
import { parseElements } from './parse-elements.js';
import { removeMisfits } from './remove-misfits.js';
import type { Schema } from './schema.js';

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
  const root = parseElements(text);
  const findings = new Findings(file);
  if (root !== undefined && fitsInPieces(text, file, root, schema)) return { root, findings, fits: true };
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
    if (root === undefined) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: 'the file has more elements than any environment',
        at: { file, line: 1 },
        hint: 'Remove what is no part of an environment.',
      });
    }
    return { root, findings, fits: removeMisfits(document, root, schema, findings) };
  } finally {
    document.dispose();
  }
}
