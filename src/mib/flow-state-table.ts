import { NETEMU_STATE } from './objects.js';
import { counter64, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable } from './table.js';

/** netemuFlowStateTable: what the exceptions to the policies of sites have decided about. */
export const flowStateTable = defineTable({
  name: 'netemuFlowState',
  entry: [...NETEMU_STATE, 3, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    packets: column(1, counter64),
    octets: column(2, counter64),
  },
});
