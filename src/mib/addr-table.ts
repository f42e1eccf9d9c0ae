import { NETEMU_CONFIG } from './objects.js';
import { inetAddressIndex, interfaceNameIndex, unsigned } from './syntax.js';
import { column, defineTable } from './table.js';

/** netemuAddrTable: the addresses of the vifs as the machine sees them. */
export const addrTable = defineTable({
  name: 'netemuAddr',
  entry: [...NETEMU_CONFIG, 4, 1],
  index: { vif: interfaceNameIndex, address: inetAddressIndex },
  columns: { prefixLength: column(3, unsigned(0, 128)) },
  rowStatus: 4,
});
