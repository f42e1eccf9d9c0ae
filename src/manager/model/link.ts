import { Ratio } from '../../units/ratio.js';
import { Parsed } from './decorators.js';
import { Line } from './line.js';

/** What lies between two sites, two nodes, or a site and a node. */
export class Link extends Line {
  /** The name of a site or of a node. */
  readonly from!: string;
  readonly to!: string;
  /** `forward`: only what goes from `from` to `to`. */
  readonly direction!: 'both' | 'forward';
  readonly distribution?: 'uniform' | 'normal' | 'pareto' | 'paretonormal';
  /** Whether a packet that the jitter delays less than the one before overtakes it. */
  @Parsed((text) => text === 'true')
  readonly jitterReorders?: boolean;
  /** Between the losses of two packets in a row: so much more often is one lost after a lost one than after another. */
  @Parsed((text) => Ratio.parse(text))
  readonly lossCorrelation?: Ratio;
  /** Gilbert-Elliott: the probability of the good state to become the bad one. Present where losses come in bursts. */
  @Parsed((text) => Ratio.parse(text))
  readonly gemodelP?: Ratio;
  /** That of the bad state to become the good one. */
  @Parsed((text) => Ratio.parse(text))
  readonly gemodelR?: Ratio;
  /** The loss in the bad state: 1-h of tc-netem(8). */
  @Parsed((text) => Ratio.parse(text))
  readonly gemodelBad?: Ratio;
  /** The loss in the good state: 1-k of tc-netem(8). */
  @Parsed((text) => Ratio.parse(text))
  readonly gemodelGood?: Ratio;
  /** The share of packets that go ahead without the latency. */
  @Parsed((text) => Ratio.parse(text))
  readonly reorder?: Ratio;
  /** Every how many packets one may go ahead. */
  @Parsed(Number)
  readonly reorderGap?: number;
  /** How many packets may be under way at once. */
  @Parsed(Number)
  readonly limit?: number;
}
