import type { Configuration } from '../../mib/configuration.js';
import { diffConfigurations } from '../../mib/diff-configurations.js';
import type { Candidate } from '../snmp/candidate.js';
import type { DecidedHost } from './decision.js';
import type { Wanted } from './participant.js';

/** A decided configuration as something wanted: of its rows nobody knows the components any more. */
export class DecidedRows implements Wanted {
  readonly path: string;
  readonly configuration: Configuration;

  constructor({ agent, configuration }: DecidedHost) {
    this.path = agent.host;
    this.configuration = configuration;
  }

  async apply(candidate: Candidate): Promise<void> {
    for (const { table, before, after } of diffConfigurations(candidate.observed, this.configuration)) {
      if (after !== undefined) candidate.set({ table, row: after });
      else if (before !== undefined) candidate.remove({ table, row: before });
    }
    await candidate.flush();
  }
}
