import { NETEMU_CFG } from './objects.js';
import { octets, unsignedIndex, UINT32_MAX } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** Octets of netemuCommandText. */
export const LONGEST_PART = 16_384;

/** netemuCommandTable: what a commit of the configuration that was validated last would run on the host. */
export const commandTable = defineTable({
  name: 'netemuCommand',
  entry: [...NETEMU_CFG, 30, 1],
  index: { index: unsignedIndex(1, UINT32_MAX), part: unsignedIndex(0, UINT32_MAX) },
  /** Part 0 is the command with its arguments, the others are what it reads, in pieces. */
  columns: { text: column(3, octets(0, LONGEST_PART)) },
  longest: LONGEST_PART,
});

export type CommandRow = RowOf<typeof commandTable>;
