import type { Duplex } from 'node:stream';
import type { AttachedProcess } from '../../process/start-attached.js';

/** How the inside of a lab is started. */
export interface InsideProgram {
  /** The program that runs JavaScript, as an absolute path. */
  readonly node: string;
  /** The inside's main module, as an absolute path. */
  readonly main: string;
  /** The command has the terminal: it gets our standard streams as they are. */
  readonly terminal: boolean;
}

/** A kernel, or a set of namespaces of ours, that has been started. */
export interface StartedKernel {
  readonly process: AttachedProcess;
  readonly control: Duplex;
  /** Octets that may be under way on it to the inside; any number if undefined. */
  readonly window?: number;
  /** Ends it and all that runs in it, at once. */
  readonly kill: () => void;
  /** What it said about itself, for the case that it fails. */
  readonly words: () => string;
}
