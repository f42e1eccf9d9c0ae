import { NETEMU_STATE } from './objects.js';
import { adminString, enumeration, interfaceNameIndex, interfaceNameOrEmpty } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuBridgeTable: the bridges of the host. */
export const bridgeTable = defineTable({
  name: 'netemuBridge',
  entry: [...NETEMU_STATE, 15, 1],
  index: { ifName: interfaceNameIndex },
  columns: {
    name: column(2, adminString(1, 15)),
    kind: column(3, enumeration({ linux: 1, openVswitch: 2 })),
    /** The port that leads out of the host; empty if there is none. */
    uplink: column(4, interfaceNameOrEmpty),
    /** Further ports that may lead out of the host, separated by spaces. */
    otherUplinks: column(5, adminString(0, 255)),
  },
});

export type BridgeRow = RowOf<typeof bridgeTable>;
