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
