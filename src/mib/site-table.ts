import { NETEMU_CONFIG } from './objects.js';
import { adminString, enumeration, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable } from './table.js';

export const siteIndex = unsignedIndex(1, UINT32_MAX);

/** netemuSiteTable: groups of addresses that talk freely within the group. */
export const siteTable = defineTable({
  name: 'netemuSite',
  entry: [...NETEMU_CONFIG, 6, 1],
  index: { site: siteIndex },
  columns: {
    name: column(2, adminString(0, 64), ''),
    policy: column(3, enumeration({ isolated: 1, proxy: 2, routed: 3, open: 4 }), 'proxy'),
  },
  rowStatus: 4,
});
