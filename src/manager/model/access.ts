import { ByteCount } from '../../units/byte-count.js';
import { Contains, Parsed } from './decorators.js';
import { Line } from './line.js';

/** A node's own line, beside any link: what happens to all that it sends and, separately, to all that it receives. */
export class Access extends Line {
  /** The largest packet that passes, without the header of its frame. */
  @Parsed((text) => ByteCount.parse(text))
  readonly mtu?: ByteCount;
  /** What is different for what the node sends. */
  @Contains(() => Line)
  readonly sent?: Line;
  /** What is different for what it receives. */
  @Contains(() => Line)
  readonly received?: Line;
}
