import { NETEMU_CONFIG } from './objects.js';
import {
  inetAddressIndex,
  inetAddressOrNoneIndex,
  interfaceNameIndex,
  unsigned,
  unsignedIndex,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuRouteTable: the routes of the machines, by the vif through which they lead. */
export const routeTable = defineTable({
  name: 'netemuRoute',
  entry: [...NETEMU_CONFIG, 5, 1],
  index: {
    vif: interfaceNameIndex,
    destination: inetAddressIndex,
    prefixLength: unsignedIndex(0, 128),
    /** Empty: the destination is on the link. */
    nextHop: inetAddressOrNoneIndex,
  },
  columns: { metric: column(6, unsigned(), 0) },
  rowStatus: 7,
});

export type RouteRow = RowOf<typeof routeTable>;
