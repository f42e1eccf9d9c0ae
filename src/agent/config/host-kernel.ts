import type { Configuration } from '../../mib/configuration.js';
import type { Problem } from './problem.js';

/** What the configuration rooms need of a host's kernel. */
export interface HostKernel {
  /** What stands in the way of the configuration; the host is only read. */
  validate(target: Configuration, running: Configuration): Promise<readonly Problem[]>;
  /**
   * Makes the host, on which `from` runs, agree with `to`.
   *
   * @throws ActionFailure, with the host as it was unless its result says otherwise
   */
  apply(from: Configuration, to: Configuration): Promise<void>;
}
