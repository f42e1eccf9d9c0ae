import { NETEMU_STATE } from './objects.js';
import {
  adminString,
  counter64,
  inetAddressIndex,
  interfaceNameIndex,
  timeStamp,
  unsigned,
  unsignedIndex,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';
import { operState } from './vif-state-table.js';

/** netemuLinkStateTable: what is in force and measured for each link row, read back from the kernel. */
export const linkStateTable = defineTable({
  name: 'netemuLinkState',
  entry: [...NETEMU_STATE, 2, 1],
  index: { vif: interfaceNameIndex, peer: inetAddressIndex, peerPrefixLength: unsignedIndex(0, 128) },
  columns: {
    vifName: column(1, adminString(1, 15)),
    /** The peer as text, such as 10.2.0.0/16. */
    peerName: column(2, adminString(1, 64)),
    oper: column(3, operState),
    profileName: column(4, adminString(0, 64)),
    /** kbit/s in force; 0 is no limit. */
    bandwidth: column(5, unsigned()),
    /** Microseconds in force, one way. */
    latency: column(6, unsigned()),
    jitter: column(7, unsigned()),
    /** Parts per million. */
    loss: column(8, unsigned(0, 1_000_000)),
    /** kbit/s over the last measuring interval. */
    measuredBandwidth: column(9, unsigned()),
    octets: column(10, counter64),
    packets: column(11, counter64),
    drops: column(12, counter64),
    overlimits: column(13, counter64),
    backlogOctets: column(14, unsigned()),
    backlogPackets: column(15, unsigned()),
    discontinuity: column(16, timeStamp),
    /** sysUpTime at the end of the last probe; 0 is none. What follows is of the last one of its kind. */
    probeTime: column(17, timeStamp),
    /** Microseconds, both ways. */
    probeRttMin: column(18, unsigned()),
    probeRttAvg: column(19, unsigned()),
    probeRttMax: column(20, unsigned()),
    probeSent: column(21, unsigned()),
    probeReceived: column(22, unsigned()),
    /** kbit/s of data. */
    probeBandwidth: column(23, unsigned()),
  },
});

export type LinkStateRow = RowOf<typeof linkStateTable>;
