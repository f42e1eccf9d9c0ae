import { NETEMU_CONFIG } from './objects.js';
import { siteIndex } from './site-table.js';
import { defineTable } from './table.js';

/** netemuSiteLinkTable: the pairs of sites that a link joins, the lower index first. */
export const siteLinkTable = defineTable({
  name: 'netemuSiteLink',
  entry: [...NETEMU_CONFIG, 9, 1],
  index: { site: siteIndex, peer: siteIndex },
  columns: {},
  rowStatus: 2,
});
