import { Command } from 'commander';
import { addApplyOptions, type ApplyFlags } from './manager-options.js';
import { runApply } from './run-apply.js';

export function applyCommand(): Command {
  return addApplyOptions(
    new Command('apply')
      .description('Make the network of the virtual file, on all hosts of the real file or on none.')
      .argument('<real>', 'the real-environment file: what is there')
      .argument('<virtual>', 'the virtual-environment file: what is wanted'),
  )
    .option('--take-over', 'replace the root qdiscs that others gave to vifs; destroy puts them back')
    .addHelpText(
      'after',
      '\nExample:\n  netmgr apply fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml',
    )
    .action((real: string, virtual: string, flags: ApplyFlags) =>
      runApply({ real, virtual }, flags, 'applied', (manager, onStep, signal) =>
        manager.apply(onStep, signal),
      ),
    );
}
