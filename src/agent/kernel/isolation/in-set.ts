/** The part of a rule that wants an address of a set. */
export const inSet = (set: string, end: 'src' | 'dst'): string => `-m set --match-set ${set} ${end}`;
/** The part of a rule that wants an address that is in no set. */
export const notInSet = (set: string, end: 'src' | 'dst'): string => `-m set ! --match-set ${set} ${end}`;
