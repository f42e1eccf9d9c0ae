import { NETEMU_CONFIG } from './objects.js';
import { siteIndex } from './site-table.js';
import { enumeration, inetAddressIndex } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuOverlayVtepTable: the hosts of an overlay, by the addresses of their tunnel endpoints. */
export const overlayVtepTable = defineTable({
  name: 'netemuOverlayVtep',
  entry: [...NETEMU_CONFIG, 11, 1],
  index: { site: siteIndex, address: inetAddressIndex },
  columns: { role: column(3, enumeration({ remote: 1, local: 2 }), 'remote') },
  rowStatus: 4,
});

export type OverlayVtepRow = RowOf<typeof overlayVtepTable>;
