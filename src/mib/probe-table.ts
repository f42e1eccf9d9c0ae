import { NETEMU_PROBE } from './objects.js';
import {
  enumeration,
  inetAddress,
  inetAddressType,
  interfaceName,
  truthValue,
  unsigned,
  unsignedIndex,
  UINT32_MAX,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuProbeTable: requests for probes inside the machines of the host, by a run and their number in it. */
export const probeTable = defineTable({
  name: 'netemuProbe',
  entry: [...NETEMU_PROBE, 2, 1],
  index: { run: unsignedIndex(1, UINT32_MAX), number: unsignedIndex(1, UINT32_MAX) },
  columns: {
    kind: column(3, enumeration({ echo: 1, receive: 2, send: 3, answer: 4, connect: 5, datagram: 6 })),
    /** The machine behind it probes. */
    vif: column(4, interfaceName),
    targetType: column(5, inetAddressType),
    /** Who is asked or sent to; of receive, where it listens. */
    target: column(6, inetAddress),
    /** Of echo: whether the packets go straight to the target, whatever the machine's routes say. */
    onLink: column(7, truthValue, false),
    /** Packets of echo. */
    count: column(8, unsigned(1, 10_000), 3),
    /** Milliseconds between two packets to one target. */
    interval: column(9, unsigned(10, 60_000), 200),
    /** Milliseconds that an answer may take. */
    timeout: column(10, unsigned(1, 60_000), 1000),
    /** Milliseconds of sending, rounded up to seconds. */
    duration: column(11, unsigned(3000, 3_600_000), 3000),
    /** kbit/s of data that send sends as UDP; 0 is TCP. */
    bandwidth: column(12, unsigned(), 0),
    /** Octets of data of each packet. */
    size: column(13, unsigned(16, 65_487), 56),
    port: column(14, unsigned(1, 65_535), 5201),
  },
  rowStatus: 15,
});

export type ProbeRow = RowOf<typeof probeTable>;
