import { deflateSync, inflateSync } from 'node:zlib';
import { messageOf, NetmgrError } from '../errors.js';

/** The fastest: what others gain costs more time than it saves on the way. */
const LEVEL = 1;

/** A JSON text (RFC 8259) as a zlib stream (RFC 1950). */
export const packJson = (text: string): Buffer => deflateSync(text, { level: LEVEL });

/**
 * What a zlib stream of a JSON text says.
 *
 * @param longest octets that the text may have: a short stream can unfold to what fills a memory
 * @throws NetmgrError `InvalidInput`
 */
export function unpackJson(octets: Uint8Array, longest: number): unknown {
  try {
    return JSON.parse(inflateSync(octets, { maxOutputLength: longest }).toString('utf8'));
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `no zlib stream of a JSON text: ${messageOf(error)}`,
      cause: error,
    });
  }
}
