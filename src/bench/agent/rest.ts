/** Seconds after which an agent rests: what it has freed goes back to the kernel half a minute after its work. */
export const REST = 60;

/** The memory of an agent at rest. */
export interface NotedMemory {
  /** How many commits it had made before. */
  readonly commits: number;
  /** Octets. */
  readonly resident: number;
}
