import { NETEMU_CONFIG } from './objects.js';
import { siteIndex } from './site-table.js';
import { inetAddressIndex, macAddressIndex } from './syntax.js';
import { defineTable } from './table.js';

/** netemuOverlayMachineTable: the interfaces of machines on other hosts, each with the endpoint of its host. */
export const overlayMachineTable = defineTable({
  name: 'netemuOverlayMachine',
  entry: [...NETEMU_CONFIG, 12, 1],
  index: { site: siteIndex, vtep: inetAddressIndex, mac: macAddressIndex },
  columns: {},
  rowStatus: 2,
});
