import { Command } from 'commander';
import { loadManager } from './load-manager.js';
import { uninterrupted } from '../uninterrupted.js';
import { withProgress } from '../output/progress.js';
import { hostNames, printReport } from './apply.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

export function destroyCommand(): Command {
  return addManagerOptions(
    new Command('destroy')
      .description('Remove what was applied, from all hosts of the real file or from none.')
      .argument('<real>', 'the real-environment file')
      .argument('[virtual]', 'not needed; taken so that the arguments of apply work here too'),
  )
    .addHelpText('after', '\nExample:\n  netmgr destroy fixtures/real-env/grid.xml')
    .action(async (real: string, _virtual: string | undefined, flags: ManagerFlags) => {
      const manager = await loadManager(real, undefined, managerOptions(flags));
      const report = await uninterrupted((signal) =>
        withProgress(hostNames(manager), flags.json === true, (onStep) => manager.destroy(onStep, signal)),
      );
      printReport(report, 'removed', flags);
    });
}
