import { NETEMU_CFG } from './objects.js';
import { octets, UINT32_MAX, unsignedIndex } from './syntax.js';
import { column, defineTable } from './table.js';

/** Octets of netemuCandidateText. */
export const LONGEST_PART = 16_384;

/** netemuCandidateTable: the candidate as one packed text, in parts. */
export const candidateTable = defineTable({
  name: 'netemuCandidate',
  entry: [...NETEMU_CFG, 32, 1],
  index: { part: unsignedIndex(0, UINT32_MAX) },
  columns: { text: column(2, octets(0, LONGEST_PART)) },
  longest: LONGEST_PART,
});
