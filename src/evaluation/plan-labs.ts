import type { LabKernel } from '../lab/control/message.js';
import { chooseKernel } from '../lab/kernel/choose-kernel.js';
import { EVERY_NEED, SHAPING_NEEDS } from '../lab/kernel/needs.js';
import { groupBy } from '../group-by.js';
import type { Experiment } from './experiments.js';

/** Experiments that are made in one lab. */
export interface PlannedLab {
  readonly kernel: LabKernel;
  /** The paper's grid, or the machines between which all others measure. */
  readonly layout: 'grid' | 'pairs';
  readonly experiments: readonly Experiment[];
}

/**
 * The labs for experiments: links with nothing but a bandwidth need no NetEm, so this machine's kernel may do for them
 * and not for the others.
 *
 * @throws NetmgrError `NotApplied` that says what to install, if there is no kernel for one of them
 */
export async function planLabs(
  experiments: readonly Experiment[],
  wanted: LabKernel | 'auto',
): Promise<PlannedLab[]> {
  const each = await Promise.all(
    experiments.map(async (experiment): Promise<PlannedLab> => {
      const needs = experiment === 'bandwidth' ? SHAPING_NEEDS : EVERY_NEED;
      return {
        kernel: await chooseKernel(wanted, needs),
        layout: experiment === 'table2' ? 'grid' : 'pairs',
        experiments: [experiment],
      };
    }),
  );
  return [...groupBy(each, ({ kernel, layout }) => `${kernel} ${layout}`).values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined
      ? []
      : [{ ...first, experiments: alike.flatMap(({ experiments: own }) => own) }];
  });
}
