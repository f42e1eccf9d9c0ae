import { NETEMU_STATE } from './objects.js';
import {
  adminString,
  counter64,
  enumeration,
  octets,
  unsigned,
  unsignedIndex,
  UINT32_MAX,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** Octets of netemuRuleStateText. */
export const LONGEST_RULE = 1024;
/** Octets of netemuRuleStateChain and netemuRuleStateTableName. */
export const LONGEST_NAME = 64;

/** netemuRuleStateTable: the rules of the kernel that frames between machines can come to, with their counters. */
export const ruleStateTable = defineTable({
  name: 'netemuRuleState',
  entry: [...NETEMU_STATE, 12, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    family: column(2, enumeration({ ipv4: 1, ipv6: 2, bridge: 3, inet: 4, netdev: 5 })),
    chain: column(3, adminString(1, LONGEST_NAME)),
    /** The place in the chain, from 1; 0 is the chain itself. */
    number: column(4, unsigned()),
    /** As the tool prints it, in UTF-8. */
    text: column(5, octets(0, LONGEST_RULE)),
    packets: column(6, counter64),
    octets: column(7, counter64),
    /** Such as `filter`. */
    tableName: column(8, adminString(1, LONGEST_NAME)),
  },
});

export type RuleStateRow = RowOf<typeof ruleStateTable>;
