import { NETEMU_STATE } from './objects.js';
import {
  adminString,
  counter64,
  enumeration,
  integer,
  interfaceNameIndex,
  interfaceNameOrEmpty,
  timeStamp,
  unsigned,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** NetemuOperState: how far the host agrees with the committed configuration of a row. */
export const operState = enumeration({
  unknown: 1,
  pending: 2,
  applied: 3,
  degraded: 4,
  failed: 5,
  absent: 6,
  drifted: 7,
  foreign: 8,
});

/** netemuVifStateTable: what is in force and measured for each vif, read back from the kernel. */
export const vifStateTable = defineTable({
  name: 'netemuVifState',
  entry: [...NETEMU_STATE, 1, 1],
  index: { vif: interfaceNameIndex },
  columns: {
    name: column(1, adminString(1, 15)),
    oper: column(2, operState),
    ifIndex: column(3, integer(0)),
    vmIndex: column(4, integer(0)),
    vmName: column(5, adminString(0, 64)),
    bridge: column(6, interfaceNameOrEmpty),
    /** kbit/s in force; 0 is no limit. */
    txBandwidth: column(7, unsigned()),
    /** kbit/s over the last measuring interval. */
    txMeasuredBandwidth: column(8, unsigned()),
    rxBandwidth: column(9, unsigned()),
    /** Microseconds in force for what no link row matches. */
    rxLatency: column(10, unsigned()),
    rxMeasuredBandwidth: column(11, unsigned()),
    txOctets: column(12, counter64),
    txPackets: column(13, counter64),
    txDrops: column(14, counter64),
    txOverlimits: column(15, counter64),
    txBacklogOctets: column(16, unsigned()),
    txBacklogPackets: column(17, unsigned()),
    rxOctets: column(18, counter64),
    rxPackets: column(19, counter64),
    rxDrops: column(20, counter64),
    discontinuity: column(22, timeStamp),
    lastError: column(23, adminString(0, 255)),
  },
});

export type VifStateRow = RowOf<typeof vifStateTable>;
