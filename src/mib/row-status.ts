/** RowStatus (RFC 2579): the values this module has; the others are refused with wrongValue. */
export const ROW_STATUS = { active: 1, createAndGo: 4, destroy: 6 } as const;
