/**
 * What the process of an agent is to be started with, so that glibc gives back what buffers had (mallopt(3)): otherwise it keeps some 15 MB of
 * what a commit needed, in several arenas and beyond thresholds that grow. Without them an agent does the same with more memory.
 */
export const MALLOC_SETTINGS = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const satisfies Readonly<Record<string, string>>;
