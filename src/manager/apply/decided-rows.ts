import type { Configuration } from '../../mib/configuration.js';
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
    await candidate.become(this.configuration);
  }
}
