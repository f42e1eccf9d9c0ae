import { NETEMU_CONFIG } from './objects.js';
import { siteIndex } from './site-table.js';
import { interfaceName, unsigned } from './syntax.js';
import { column, defineTable } from './table.js';

/** The port of VXLAN (RFC 7348). */
export const VXLAN_PORT = 4789;
/** A VXLAN network identifier has 24 bits. */
export const VNI_MAX = 0xffffff;

/** netemuOverlayTable: the overlays of sites between hosts in which the host takes part. */
export const overlayTable = defineTable({
  name: 'netemuOverlay',
  entry: [...NETEMU_CONFIG, 10, 1],
  index: { site: siteIndex },
  columns: {
    bridge: column(1, interfaceName),
    vni: column(2, unsigned(1, VNI_MAX)),
    port: column(3, unsigned(1, 65535), VXLAN_PORT),
  },
  rowStatus: 4,
});
