import { NETEMU_CONFIG } from './objects.js';
import { inetAddressIndex, interfaceNameIndex, unsigned, unsignedIndex } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuLinkTable: what arrives at a vif from one peer address or prefix. */
export const linkTable = defineTable({
  name: 'netemuLink',
  entry: [...NETEMU_CONFIG, 3, 1],
  index: { vif: interfaceNameIndex, peer: inetAddressIndex, peerPrefixLength: unsignedIndex(0, 128) },
  columns: {
    profile: column(4, unsigned()),
    /** Rows of a vif with the same group other than 0 are one link: one rate and one queue for all. */
    group: column(5, unsigned(), 0),
  },
  rowStatus: 6,
  isPaged: true,
});

export type LinkRow = RowOf<typeof linkTable>;
