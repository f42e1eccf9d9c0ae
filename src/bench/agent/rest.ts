/** Seconds after which an agent rests: V8 gives memory back after some collections, which it makes eight seconds apart. */
export const REST = 60;

/** The memory of an agent at rest. */
export interface NotedMemory {
  /** How many it had made before. */
  readonly commits: number;
  /** Octets. */
  readonly resident: number;
}
