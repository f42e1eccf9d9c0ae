/** What the program's exit code says; `lab run` ends with that of its command instead. */
export const EXIT = {
  done: 0,
  error: 1,
  /** `plan`: there is something to do. */
  changes: 2,
} as const;
