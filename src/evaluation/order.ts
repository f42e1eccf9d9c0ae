import type { LabKernel } from '../lab/control/message.js';
import type { Experiment } from './experiments.js';
import type { Plan } from './plan.js';

/** What the inside is to do, as JSON on its command line. */
export interface Order {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  /** That this lab runs on. */
  readonly kernel: LabKernel;
  /** The lab's real-environment file. */
  readonly real: string;
  /** Those of that file. */
  readonly hosts: readonly string[];
  /** Where fixtures/virtual-env is. */
  readonly virtualDirectory: string;
}
