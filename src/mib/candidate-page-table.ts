import { LONGEST_PART } from './candidate-table.js';
import { NETEMU_CFG } from './objects.js';
import { octets, UINT32_MAX, unsignedIndex } from './syntax.js';
import { column, defineTable } from './table.js';

/** Rows in a part of a page: the longest, those of vifs, then take 15 kB if they do not pack at all. */
export const ROWS_PER_PART = 40;

/** netemuCandidatePageTable: each page of the candidate as packed texts of so many rows. */
export const candidatePageTable = defineTable({
  name: 'netemuCandidatePage',
  entry: [...NETEMU_CFG, 34, 1],
  index: { place: unsignedIndex(0, UINT32_MAX), part: unsignedIndex(0, UINT32_MAX) },
  columns: { text: column(3, octets(0, LONGEST_PART)) },
  longest: LONGEST_PART,
});
