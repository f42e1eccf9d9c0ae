import type { Configuration } from '../../mib/configuration.js';
import type { Problem } from './problem.js';

export interface ValidateOptions {
  /** Whether a root qdisc of somebody else may be replaced. */
  readonly takeOver: boolean;
}

/** What the configuration rooms need of a host's kernel. */
export interface HostKernel {
  /** Percent of the change of the host that is under way; 0 if none is. */
  readonly progress?: number;
  /** What stands in the way of the configuration; the host is only read. */
  validate(
    target: Configuration,
    running: Configuration,
    options: ValidateOptions,
  ): Promise<readonly Problem[]>;
  /**
   * Makes the host, on which `from` runs, agree with `to`.
   *
   * @throws ActionFailure, with the host as it was unless its result says otherwise
   */
  apply(from: Configuration, to: Configuration, options: ValidateOptions): Promise<void>;
  /**
   * Leads the host to `to` from wherever on the way from `from` it was left, as far as vifs and machines are there.
   * What is missing is not waited for: it is drift, until it returns.
   *
   * @throws NetmgrError of the tool that failed
   */
  restore(from: Configuration, to: Configuration, options?: ValidateOptions): Promise<void>;
}
