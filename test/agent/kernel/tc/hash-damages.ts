const OURS = 'dev vif1.0 parent 4e4d: protocol all prio 100';

/** What somebody may do to the tables of vif1.0 that lead from 10.1.0.1 to class 10, and the lines for tc that do it. */
export const HASH_DAMAGES: readonly (readonly [what: string, ...lines: string[]])[] = [
  ['a filter is missing', `filter del ${OURS} handle 110:1:800 u32`],
  [
    'a filter leads elsewhere',
    `filter del ${OURS} handle 110:1:800 u32`,
    `filter add ${OURS} u32 ht 110:1: match ip src 10.1.0.1/32 flowid 4e4d:2`,
  ],
  ['a filter is there twice', `filter add ${OURS} u32 ht 110:1: match ip src 10.1.0.1/32 flowid 4e4d:10`],
  [
    'a filter is in a wrong bucket',
    `filter add ${OURS} u32 ht 110:7: match ip src 10.1.0.1/32 flowid 4e4d:10`,
  ],
  [
    'a filter of others is in a bucket',
    `filter add ${OURS} u32 ht 110:1: match ip dport 80 0xffff flowid 4e4d:2`,
  ],
  [
    'a filter of others is in the first table',
    `filter add ${OURS} u32 match ip dport 80 0xffff flowid 4e4d:2`,
  ],
  ['a link is missing', `filter del ${OURS} handle 800::1 u32`],
  [
    'a link is there twice',
    `filter add ${OURS} u32 ht 1:10: match u32 0 0 hashkey mask 0xff at 12 link 110:`,
  ],
  [
    'a link chooses by other bits',
    `filter del ${OURS} handle 1:10:800 u32`,
    `filter add ${OURS} u32 ht 1:10: match u32 0 0 hashkey mask 0xff at 16 link 110:`,
  ],
  [
    'a link of others has the number of one of ours',
    `filter del ${OURS} handle 800::1 u32`,
    `filter add ${OURS} handle ::1 u32 match ip dport 80 0xffff flowid 4e4d:2`,
  ],
  ['a table of others is there', `filter add ${OURS} handle 7f0: u32 divisor 16`],
  ['the priority is gone', `filter del ${OURS}`],
];
