import type { candidateDigestTable } from '../../mib/candidate-digest-table.js';
import type { candidateTable } from '../../mib/candidate-table.js';
import type { Oid } from '../../mib/value.js';
import type { SnmpSession } from './snmp-session.js';

/** Octets of the text of a configuration: the most rows that an agent takes have a tenth of it. */
export const LONGEST_TEXT = 268_435_456;
/** In an answer far below snmpd's 65,507 octets. */
export const PARTS_PER_GET = 3;

/** What the parts of a table are together. By GET and not as a walk, which would go on into what the agent has to read its kernel for. */
export async function readParts(
  session: SnmpSession,
  { entry, columns: { text } }: typeof candidateTable | typeof candidateDigestTable,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for (;;) {
    const next = Array.from({ length: PARTS_PER_GET }, (_, i): Oid => [...entry, text.id, parts.length + i]);
    const found = await session.getThose(next);
    const texts = found.map(({ value }) => text.syntax.decode(value));
    parts.push(...texts);
    octets += texts.reduce((sum, { length }) => sum + length, 0);
    // One that never ends is none.
    const isEndless = octets > LONGEST_TEXT || texts.some(({ length }) => length === 0);
    if (found.length < next.length || isEndless) return Buffer.concat(parts);
  }
}
