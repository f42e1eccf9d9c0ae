import { NetmgrError } from '../../errors.js';
import { candidateTable } from '../../mib/candidate-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { configurationFromJson } from '../../mib/configuration-json.js';
import { unpackJson } from '../../mib/packed-json.js';
import type { Oid } from '../../mib/value.js';
import type { SnmpSession } from './snmp-session.js';

/** Octets of the text of a configuration: the most rows that an agent takes have a tenth of it. */
const LONGEST_TEXT = 268_435_456;
/** In an answer far below snmpd's 65,507 octets. */
const PARTS_PER_GET = 3;
const { text } = candidateTable.columns;
const TEXT: Oid = [...candidateTable.entry, text.id];
/** How often a candidate is read that somebody changes meanwhile. */
const ATTEMPTS = 5;

/**
 * An agent's candidate; with no manager at work that is what runs.
 *
 * @param like what it may be for the most part
 * @throws NetmgrError `Rejected` if what the agent says is none
 */
export async function readCandidate(session: SnmpSession, like: Configuration): Promise<Configuration> {
  for (let attempt = 1; ; attempt++) {
    const packed = await readParts(session);
    try {
      return configurationFromJson(unpackJson(packed, LONGEST_TEXT), like);
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      throw new NetmgrError({
        kind: 'Rejected',
        message: 'the agent does not say what it runs in a way that can be read',
        subject: session.agent.host,
        hint: 'Manager and agent should be of the same version.',
        cause: error,
      });
    }
  }
}

/** By GET and not as a walk, which would go on into what the agent has to read its kernel for. */
async function readParts(session: SnmpSession): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for (;;) {
    const next = Array.from({ length: PARTS_PER_GET }, (_, i) => [...TEXT, parts.length + i]);
    const found = await session.getThose(next);
    const texts = found.map(({ value }) => text.syntax.decode(value));
    parts.push(...texts);
    octets += texts.reduce((sum, { length }) => sum + length, 0);
    // One that never ends is none.
    const isEndless = octets > LONGEST_TEXT || texts.some(({ length }) => length === 0);
    if (found.length < next.length || isEndless) return Buffer.concat(parts);
  }
}
