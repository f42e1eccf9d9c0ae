import type { ApplyListener } from '../../manager/apply/apply-listener.js';
import type { ApplyReport } from '../../manager/apply/apply-report.js';
import type { Manager } from '../../manager/manager.js';
import type { ManagerOptions } from '../../manager/manager-options.js';
import { bothFiles } from '../../manager/xml/both-files.js';
import { readFileText } from '../../manager/xml/read-text.js';

/** A change of hosts that can begin. */
export interface PreparedApply {
  /** The names of the hosts. */
  readonly hosts: readonly string[];
  apply(onStep: ApplyListener, signal: AbortSignal): Promise<ApplyReport>;
}

/** What a manager does with all hosts of its real environment. */
export function ofManager(
  manager: Manager,
  change: (...steps: Parameters<PreparedApply['apply']>) => Promise<ApplyReport>,
): PreparedApply {
  return { hosts: manager.real.hosts.map(({ name }) => name), apply: change };
}

/**
 * An apply of two files. What was applied already is asked for by what it came to then; only where something is to do, the
 * files are read and merged, which takes longer than all the rest.
 */
export async function ofFiles(
  realPath: string,
  virtualPath: string,
  options: ManagerOptions,
): Promise<PreparedApply> {
  const [files, { Recall }] = await Promise.all([
    bothFiles([readFileText(realPath), readFileText(virtualPath)]),
    import('../../manager/recall/recall.js'),
  ]);
  const recall = await Recall.of(files, options);
  const { merged } = recall;
  const loaded = async (): Promise<Manager> => {
    const { Manager: Loaded } = await import('../../manager/manager.js');
    return Loaded.ofTexts(...files, options);
  };
  const applied = async (
    manager: Manager,
    ...steps: Parameters<PreparedApply['apply']>
  ): Promise<ApplyReport> => {
    const report = await manager.apply(...steps);
    await recall.keep(manager);
    return report;
  };
  if (merged === undefined) {
    const manager = await loaded();
    return ofManager(manager, (...steps) => applied(manager, ...steps));
  }
  const { applyRecalled } = await import('../../manager/recall/apply-recalled.js');
  return {
    hosts: merged.hosts.map(({ name }) => name),
    apply: async (...steps) =>
      (await applyRecalled(merged, options, ...steps)) ?? (await applied(await loaded(), ...steps)),
  };
}
