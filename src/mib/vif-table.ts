import { NETEMU_CONFIG } from './objects.js';
import {
  adminString,
  interfaceNameIndex,
  interfaceNameOrEmpty,
  macAddressOrNone,
  truthValue,
  unsigned,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuVifTable: the virtual network interfaces of the host that the manager configures. */
export const vifTable = defineTable({
  name: 'netemuVif',
  entry: [...NETEMU_CONFIG, 2, 1],
  index: { vif: interfaceNameIndex },
  columns: {
    vmName: column(2, adminString(0, 64), ''),
    bridge: column(3, interfaceNameOrEmpty, ''),
    macAddress: column(4, macAddressOrNone, ''),
    /** Octets; 0 leaves it as it is. */
    mtu: column(5, unsigned(0, 65535), 0),
    /** The profile of all that the machine sends; 0 is none. */
    txProfile: column(6, unsigned(), 0),
    /** The profile of what the machine receives; 0 is none. */
    rxProfile: column(7, unsigned(), 0),
    sourceGuard: column(8, truthValue, true),
  },
  rowStatus: 9,
});

export type VifRow = RowOf<typeof vifTable>;
