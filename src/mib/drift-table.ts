import { NETEMU_CFG } from './objects.js';
import { adminString, enumeration, interfaceNameOrEmpty, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuDriftTable: where the host does not agree with what runs. */
export const driftTable = defineTable({
  name: 'netemuDrift',
  entry: [...NETEMU_CFG, 28, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    what: column(2, enumeration({ vif: 1, shaping: 2, isolation: 3, machine: 4, state: 5, overlay: 6 })),
    vif: column(3, interfaceNameOrEmpty),
    text: column(4, adminString(0, 255)),
  },
});

export type DriftRow = RowOf<typeof driftTable>;
