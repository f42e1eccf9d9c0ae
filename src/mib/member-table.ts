import { NETEMU_CONFIG } from './objects.js';
import { siteIndex } from './site-table.js';
import { enumeration, inetAddressIndex, macAddressOrNone, unsignedIndex } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuMemberTable: the addresses of the sites, local to the host or not. */
export const memberTable = defineTable({
  name: 'netemuMember',
  entry: [...NETEMU_CONFIG, 7, 1],
  index: { site: siteIndex, address: inetAddressIndex, prefixLength: unsignedIndex(0, 128) },
  columns: {
    role: column(4, enumeration({ node: 1, proxy: 2 }), 'node'),
    /** Proxies of sites with the policy routed need it. */
    macAddress: column(5, macAddressOrNone, ''),
  },
  rowStatus: 6,
});

export type MemberRow = RowOf<typeof memberTable>;
