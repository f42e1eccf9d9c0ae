import { NETEMU_CONFIG } from './objects.js';
import { adminString, enumeration, truthValue, unsigned, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

const ppm = unsigned(0, 1_000_000);

/** Microseconds: tc 6.1 refuses longer delays, which do not fit its 32-bit count of 64 ns. */
export const LONGEST_LATENCY = 274_000_000;
/** Microseconds: netem takes a longer one for this, silently (the kernel's 32-bit count of nanoseconds with a sign). */
export const LONGEST_JITTER = 2_147_483;
/** Microseconds: tc rounds a shorter one down to none that it would show, so that it could not be looked after. */
export const SHORTEST_JITTER = 2;
/** Octets of a full frame as tc counts it: a smaller burst lets none through. */
export const SMALLEST_BURST = 1514;

/** netemuProfileTable: what happens to the packets of a link; shared by any number of vifs and links. */
export const profileTable = defineTable({
  name: 'netemuProfile',
  entry: [...NETEMU_CONFIG, 1, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    name: column(2, adminString(0, 64), ''),
    /** kbit/s; 0 is no limit. */
    bandwidth: column(3, unsigned(), 0),
    /** Octets; 0 lets the agent compute it. */
    burst: column(4, unsigned(), 0),
    /** Microseconds; 0 lets the agent choose. */
    queue: column(5, unsigned(), 0),
    /** Microseconds, one way. */
    latency: column(6, unsigned(), 0),
    jitter: column(7, unsigned(), 0),
    // 8 was a correlation of latencies, without effect in the kernel.
    distribution: column(9, enumeration({ uniform: 1, normal: 2, pareto: 3, paretonormal: 4 }), 'uniform'),
    /** Parts per million, as all that follow but the gap and the limit. */
    loss: column(10, ppm, 0),
    lossCorrelation: column(11, ppm, 0),
    duplicate: column(12, ppm, 0),
    reorder: column(13, ppm, 0),
    reorderGap: column(14, unsigned(), 0),
    corrupt: column(15, ppm, 0),
    /** Packets; 0 lets the agent compute it. */
    limit: column(16, unsigned(), 0),
    /** Octets that may wait because of the bandwidth; 0: the queue says it, or the packets. */
    queueOctets: column(18, unsigned(), 0),
    queuePackets: column(19, unsigned(), 0),
    /** What of a packet takes time: its frame, or all that passes on an Ethernet wire. */
    framing: column(20, enumeration({ frame: 1, ethernet: 2 }), 'frame'),
    /** down: nothing passes. */
    state: column(21, enumeration({ up: 1, down: 2 }), 'up'),
    /** Whether packets that the jitter delays less overtake others. */
    jitterReorders: column(22, truthValue, false),
    lossModel: column(23, enumeration({ random: 1, gemodel: 2 }), 'random'),
    /** Gilbert-Elliott: the probabilities to go to the bad state and back, and the loss in each. */
    gemodelP: column(24, ppm, 0),
    gemodelR: column(25, ppm, 1_000_000),
    gemodelBad: column(26, ppm, 1_000_000),
    gemodelGood: column(27, ppm, 0),
  },
  rowStatus: 17,
});

export type ProfileRow = RowOf<typeof profileTable>;
