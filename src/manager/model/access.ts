import { BitRate } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import { Parsed } from './decorators.js';

/** A node's own line, beside any link: what limits all that it sends and, separately, all that it receives. */
export class Access {
  @Parsed((text) => BitRate.parse(text))
  readonly bandwidth?: BitRate;
  /** One way; added once at each end. */
  @Parsed((text) => Duration.parse(text))
  readonly latency?: Duration;
}
