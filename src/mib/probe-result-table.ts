import { NETEMU_PROBE } from './objects.js';
import { adminString, counter64, enumeration, unsigned, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuProbeResultMessage of a connect or datagram that was refused: strerror(3) in the C locale. */
export const REFUSED = 'Connection refused';

/** netemuProbeResultTable: what came of each row of netemuProbeTable. */
export const probeResultTable = defineTable({
  name: 'netemuProbeResult',
  entry: [...NETEMU_PROBE, 3, 1],
  index: { run: unsignedIndex(1, UINT32_MAX), number: unsignedIndex(1, UINT32_MAX) },
  columns: {
    state: column(1, enumeration({ waiting: 1, running: 2, done: 3, failed: 4 })),
    /** Packets. */
    sent: column(2, unsigned()),
    received: column(3, unsigned()),
    /** Microseconds, both ways; 0 without an answer. */
    rttMin: column(4, unsigned()),
    rttAvg: column(5, unsigned()),
    rttMax: column(6, unsigned()),
    /** Data that receive counted in the duration. */
    octets: column(7, counter64),
    /** Microseconds. */
    duration: column(8, unsigned()),
    /** Why it failed, or that the answer is a refusal. */
    message: column(9, adminString(0, 255)),
  },
});

export type ProbeResultRow = RowOf<typeof probeResultTable>;
