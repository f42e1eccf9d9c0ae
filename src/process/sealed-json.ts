import { createHash } from 'node:crypto';
import { NetmgrError } from '../errors.js';

const sealOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON on one line, and below it the SHA-256 of that line: a damaged file is known as one. */
export function sealJson(value: unknown): string {
  const text = JSON.stringify(value);
  return `${text}\n${sealOf(text)}\n`;
}

/** The reverse of {@link sealJson}. @throws NetmgrError `InvalidInput` for a text that is damaged */
export function openSealedJson(sealed: string): unknown {
  const [text = '', seal, ...rest] = sealed.split('\n');
  if (rest.join('') === '' && seal === sealOf(text)) return JSON.parse(text);
  throw new NetmgrError({ kind: 'InvalidInput', message: 'the file is damaged: its checksum is wrong' });
}
