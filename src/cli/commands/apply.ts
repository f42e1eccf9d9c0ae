import { Command } from 'commander';
import { NetmgrError } from '../../errors.js';
import { loadPlan } from './load-manager.js';
import { addApplyOptions, type ApplyFlags } from './manager-options.js';
import { prepareFromFiles, prepareFromManager } from './prepared-apply.js';
import { runApply } from './run-apply.js';

export function applyCommand(): Command {
  return addApplyOptions(
    new Command('apply')
      .description('Make the network of the virtual file, on all hosts of the real file or on none.')
      .argument('[real]', 'the real-environment file: what is there')
      .argument('[virtual]', 'the virtual-environment file: what is wanted'),
  )
    .option('--plan <file>', 'instead of the files: apply what `netmgr plan --out` kept, or nothing')
    .option('--take-over', 'replace the root qdiscs that others gave to vifs; destroy puts them back')
    .addHelpText(
      'after',
      `
With --plan, hosts that run something else than when the plan was made are an error.

Examples:
  netmgr apply fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml
  netmgr apply --plan grid.plan`,
    )
    .action((real: string | undefined, virtual: string | undefined, flags: ApplyFlags & { plan?: string }) =>
      runApply(flags, 'applied', async (options) => {
        const { plan } = flags;
        if (plan === undefined && real !== undefined && virtual !== undefined)
          return prepareFromFiles(real, virtual, options);
        if (plan === undefined || real !== undefined) throw misfit(plan);
        const manager = await loadPlan(plan, { ...options, expectsChange: true });
        return prepareFromManager(manager, (...steps) => manager.apply(...steps));
      }),
    );
}

const misfit = (plan: string | undefined): NetmgrError =>
  new NetmgrError({
    kind: 'InvalidInput',
    message: plan === undefined ? 'apply takes two files' : 'a plan has its files in it',
    hint: 'Write netmgr apply REAL VIRTUAL, or netmgr apply --plan FILE.',
  });
