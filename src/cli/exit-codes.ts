/** What the program's exit code says; `lab run` ends with that of its command instead. */
export const EXIT = { done: 0, error: 1 } as const;
