import { BitRate } from '../../units/bit-rate.js';
import { ByteCount } from '../../units/byte-count.js';
import { Duration } from '../../units/duration.js';
import { QueueLength } from '../../units/queue-length.js';
import { Ratio } from '../../units/ratio.js';
import { Parsed } from './decorators.js';

/** What every line does to the packets on it. What is not said is not emulated. */
export class Line {
  @Parsed((text) => BitRate.parse(text))
  readonly bandwidth?: BitRate;
  /** What may pass at once before the bandwidth counts. */
  @Parsed((text) => ByteCount.parse(text))
  readonly burst?: ByteCount;
  /** What may wait for the bandwidth. */
  @Parsed((text) => QueueLength.parse(text))
  readonly queue?: QueueLength;
  /** What of a packet takes time: its frame, or all that passes on an Ethernet wire. */
  readonly framing?: 'frame' | 'ethernet';
  /** One way. */
  @Parsed((text) => Duration.parse(text))
  readonly latency?: Duration;
  /** How far the latency varies. */
  @Parsed((text) => Duration.parse(text))
  readonly jitter?: Duration;
  @Parsed((text) => Ratio.parse(text))
  readonly loss?: Ratio;
  @Parsed((text) => Ratio.parse(text))
  readonly duplicate?: Ratio;
  @Parsed((text) => Ratio.parse(text))
  readonly corrupt?: Ratio;
  /** `down`: nothing passes. */
  readonly state?: 'up' | 'down';
}
