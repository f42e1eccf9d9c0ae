import { readFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import type { Manager } from '../../manager/manager.js';
import type { ManagerOptions } from '../../manager/manager-options.js';

/**
 * Reads and merges the files. The manager is imported here and not at the top: it takes three times as long to
 * load as all the rest, which the agent and `--help` do not need.
 */
export async function loadManager(
  real: string,
  virtual?: string,
  options?: ManagerOptions,
): Promise<Manager> {
  const { Manager: Loaded } = await import('../../manager/manager.js');
  return Loaded.load(real, virtual, options);
}

/** The same for a plan that was kept. @throws NetmgrError `InvalidInput` if that is none, or cannot be read */
export async function loadPlan(file: string, options?: ManagerOptions): Promise<Manager> {
  const [{ Manager: Loaded }, { parseSavedPlan }] = await Promise.all([
    import('../../manager/manager.js'),
    import('../../manager/apply/saved-plan.js'),
  ]);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the plan could not be read: ${messageOf(error)}`,
      hint: 'Give the file that `netmgr plan --out` has written.',
    });
  });
  return Loaded.ofPlan(await parseSavedPlan(text, file), options);
}
