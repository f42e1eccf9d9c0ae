import { LONGEST_PART } from './candidate-table.js';
import { NETEMU_CFG } from './objects.js';
import { octets, UINT32_MAX, unsignedIndex } from './syntax.js';
import { column, defineTable } from './table.js';

/** netemuCandidateDigestTable: the digests of the candidate's pages as one packed text, in parts. */
export const candidateDigestTable = defineTable({
  name: 'netemuCandidateDigest',
  entry: [...NETEMU_CFG, 33, 1],
  index: { part: unsignedIndex(0, UINT32_MAX) },
  columns: { text: column(2, octets(0, LONGEST_PART)) },
  longest: LONGEST_PART,
});
