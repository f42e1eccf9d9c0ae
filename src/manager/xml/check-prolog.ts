import { NetmgrError } from '../../errors.js';
import { quoted } from './printable.js';

/**
 * Refuses, before any parser sees the text, what could make one read other files or grow without bound: a
 * document type with its entities, and a declared encoding that the text does not have.
 *
 * @throws NetmgrError `InvalidInput`
 */
export function checkProlog(text: string, file: string): void {
  const encoding = /^<\?xml\s[^?>]*?\bencoding\s*=\s*["']([^"'?>]*)["']/.exec(text)?.[1];
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the file says that its encoding is ${quoted(encoding)}, but only UTF-8 is read`,
      at: { file, line: 1 },
      hint: 'Save it as UTF-8 and write encoding="UTF-8".',
    });
  }
  const doctype = startOfDoctype(text);
  if (doctype !== undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'the file has a document type (<!DOCTYPE …>), which is refused because of its entities',
      at: { file, line: text.slice(0, doctype).split('\n').length },
      hint: 'Remove the DOCTYPE, and write the text of each entity where the entity is used.',
    });
  }
}

/** XML allows a DOCTYPE only before the root, among white space, comments and processing instructions. */
function startOfDoctype(text: string): number | undefined {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const end = text.startsWith('<!--', at)
      ? endOf(text, '-->', at + 4)
      : text.startsWith('<?', at)
        ? endOf(text, '?>', at + 2)
        : undefined;
    if (end === undefined) return /^<!doctype/i.test(text.slice(at, at + 9)) ? at : undefined;
    at = end;
  }
}

function endOf(text: string, mark: string, from: number): number | undefined {
  const found = text.indexOf(mark, from);
  return found === -1 ? undefined : found + mark.length;
}
