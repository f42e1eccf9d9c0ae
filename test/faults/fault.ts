const DIRECTORY = '/run/netmgr-lab';

/** What is to go wrong in an agent; without the file nothing is. */
export interface Fault {
  /** Another one for each fault: steps are counted from its first sight. */
  readonly id?: number;
  /** The step before which the agent ends, counted from 1; without it, it counts only. */
  readonly at?: number;
  /** What is to go wrong in its next life. */
  readonly next?: Fault;
  /** The step before which the disk of its state directory becomes full, counted from 1. */
  readonly fills?: number;
  /** The step from which on a tool is not there any more, until the fault is lifted. */
  readonly misses?: { readonly at: number; readonly tool: string };
  /** The tool that fails instead, at its next batch: half of that is done, and then nothing more of the fault. */
  readonly fails?: string;
}

/** Where a test writes the {@link Fault} of a host's agent. */
export const faultFile = (host: string): string => `${DIRECTORY}/fault-${host}.json`;
/** What fills an agent's disk. */
export const fillFile = (host: string): string => `${DIRECTORY}/agents/${host}/fill`;
/** Where the agent writes each step that it comes to, while there is a fault. */
export const stepsFile = (host: string): string => `${DIRECTORY}/steps-${host}`;
