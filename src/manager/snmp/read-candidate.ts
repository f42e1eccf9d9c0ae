import { NetmgrError } from '../../errors.js';
import { candidateTable } from '../../mib/candidate-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { configurationFromJson } from '../../mib/configuration-json.js';
import { unpackJson } from '../../mib/packed-json.js';
import { readPages } from './read-pages.js';
import { LONGEST_TEXT, readParts } from './read-parts.js';
import type { SnmpSession } from './snmp-session.js';

/** How often a candidate is read that somebody changes meanwhile. */
const ATTEMPTS = 5;

/**
 * An agent's candidate; with no manager at work that is what runs.
 *
 * @param like what it may be for the most part: then only that is read in which they differ
 * @throws NetmgrError `Rejected` if what the agent says is none
 */
export async function readCandidate(session: SnmpSession, like: Configuration): Promise<Configuration> {
  for (let attempt = 1; ; attempt++) {
    try {
      const read = attempt < ATTEMPTS ? await readPages(session, like) : undefined;
      return (
        read ??
        configurationFromJson(unpackJson(await readParts(session, candidateTable), LONGEST_TEXT), like)
      );
    } catch (error) {
      const isUnreadable = error instanceof NetmgrError && error.kind === 'InvalidInput';
      if (!isUnreadable) throw error;
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
