import type { ApplyListener } from '../../manager/apply/apply-listener.js';
import type { ApplyReport } from '../../manager/apply/apply-report.js';
import { throwIfInterrupted } from '../../manager/apply/interruption.js';
import type { Manager } from '../../manager/manager.js';
import type { ManagerOptions } from '../../manager/manager-options.js';
import { readFileText } from '../../manager/xml/read-text.js';
import { loadManager } from './load-manager.js';

/** A change of hosts that can begin. */
export interface PreparedApply {
  /** The names of the hosts. */
  readonly hosts: readonly string[];
  apply(...steps: ApplyArguments): Promise<ApplyReport>;
}

type ApplyArguments = [onStep: ApplyListener, signal: AbortSignal];

/** What a manager does with all hosts of its real environment. */
export function prepareFromManager(manager: Manager, change: PreparedApply['apply']): PreparedApply {
  return { hosts: manager.real.hosts.map(({ name }) => name), apply: change };
}

/**
 * An apply of two files. What was applied already is asked for by what it came to then; only where something is to do, the
 * files are read and merged, which takes longer than all the rest.
 *
 * @throws NetmgrError or ApplyError with all that is wrong in the files
 */
export async function prepareFromFiles(
  real: string,
  virtual: string,
  options: ManagerOptions,
): Promise<PreparedApply> {
  const files = await Promise.all([readFileText(real), readFileText(virtual)]).catch(() => undefined);
  if (files === undefined) {
    // Of one that can be read all is said that is wrong in it, too.
    const manager = await loadManager(real, virtual, options);
    return prepareFromManager(manager, (...steps) => manager.apply(...steps));
  }
  const { Recall } = await import('../../manager/recall/recall.js');
  const recall = await Recall.of(files, options);
  const { merged } = recall;
  const loaded = async (): Promise<Manager> => {
    const { Manager: Loaded } = await import('../../manager/manager.js');
    return Loaded.ofTexts(...files, { ...options, expectsChange: true });
  };
  const apply = async (manager: Manager, ...steps: ApplyArguments): Promise<ApplyReport> => {
    const report = await manager.apply(...steps);
    await recall.keep(manager);
    return report;
  };
  if (merged === undefined) {
    const manager = await loaded();
    return prepareFromManager(manager, (...steps) => apply(manager, ...steps));
  }
  const { applyRecalled } = await import('../../manager/recall/apply-recalled.js');
  return {
    hosts: merged.hosts.map(({ name }) => name),
    async apply(onStep, signal) {
      const unchanged = await applyRecalled(merged, options, onStep, signal);
      if (unchanged !== undefined) return unchanged;
      throwIfInterrupted(signal);
      const manager = await loaded();
      throwIfInterrupted(signal);
      return apply(manager, onStep, signal);
    },
  };
}
