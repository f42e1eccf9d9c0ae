/** What the program's exit code says. 2 is for `plan`: there are changes. */
export const EXIT = { done: 0, error: 1 } as const;
