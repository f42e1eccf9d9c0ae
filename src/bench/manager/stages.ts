/** The stages of what the manager does before it talks to an agent, in their order. */
export const STAGES = ['read', 'validate', 'merge', 'plan'] as const;

/** What one run of all stages took, as its process prints it. */
export interface StagesReport {
  /** Seconds of each stage. */
  readonly seconds: Readonly<Record<(typeof STAGES)[number], number>>;
  /** Seconds of the processors, the start of the process and the garbage collector's threads too. */
  readonly processors: number;
  /** The most memory that the process had, in MiB. */
  readonly peak: number;
  /** Of all hosts. */
  readonly rows: number;
}
