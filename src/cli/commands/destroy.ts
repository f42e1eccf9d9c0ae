import { Command } from 'commander';
import { loadManager } from './load-manager.js';
import { addApplyOptions, type ApplyFlags } from './manager-options.js';
import { prepareFromManager } from './prepared-apply.js';
import { runApply } from './run-apply.js';

export function destroyCommand(): Command {
  return addApplyOptions(
    new Command('destroy')
      .description('Remove what was applied, from all hosts of the real file or from none.')
      .argument('<real>', 'the real-environment file')
      .argument('[virtual]', 'not needed; taken so that the arguments of apply work here too'),
  )
    .addHelpText('after', '\nExample:\n  netmgr destroy fixtures/real-env/grid.xml')
    .action((real: string, _virtual: string | undefined, flags: ApplyFlags) =>
      runApply(flags, 'removed', async (options) => {
        const manager = await loadManager(real, undefined, options);
        return prepareFromManager(manager, (...steps) => manager.destroy(...steps));
      }),
    );
}
