import { BitRate } from '../../units/bit-rate.js';
import { ByteCount } from '../../units/byte-count.js';
import { Duration } from '../../units/duration.js';
import { Ratio } from '../../units/ratio.js';
import { Parsed } from './decorators.js';

/** What lies between two sites or two nodes. */
export class Link {
  /** The name of a site or of a node. */
  readonly from!: string;
  readonly to!: string;
  /** `forward`: only what goes from `from` to `to`. */
  readonly direction!: 'both' | 'forward';
  @Parsed((text) => BitRate.parse(text))
  readonly bandwidth?: BitRate;
  /** One way. */
  @Parsed((text) => Duration.parse(text))
  readonly latency?: Duration;
  @Parsed((text) => Duration.parse(text))
  readonly jitter?: Duration;
  @Parsed((text) => Ratio.parse(text))
  readonly loss?: Ratio;
  @Parsed((text) => ByteCount.parse(text))
  readonly burst?: ByteCount;
}
