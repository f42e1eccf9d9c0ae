import type { Configuration } from '../../mib/configuration.js';
import type { Problem } from './problem.js';

/** What the configuration rooms need of a host's kernel. */
export interface HostKernel {
  /** What stands in the way of the configuration; the host is only read. */
  validate(target: Configuration): Promise<readonly Problem[]>;
  /**
   * Makes the host, on which `from` runs, agree with `to`.
   *
   * @throws ActionFailure after undoing what was done
   */
  apply(from: Configuration, to: Configuration): Promise<void>;
}
