import { resolve } from 'node:path';
import { Command } from 'commander';
import { UNIT_DIRECTORY } from './agent-install.js';

interface UninstallFlags {
  readonly unitDirectory: string;
  readonly json?: boolean;
}

export function agentUninstallCommand(): Command {
  return new Command('uninstall')
    .description('Remove the systemd unit of the agent; its state directory and the network stay.')
    .option('--unit-directory <directory>', 'where the unit is', UNIT_DIRECTORY)
    .option('--json', 'print the result, or the errors, as JSON')
    .addHelpText('after', '\nExample:\n  netmgr agent uninstall\n  systemctl stop netmgr-agent')
    .action(async (flags: UninstallFlags) => {
      const { SERVICE, UnitFile } = await import('../../agent/service/unit-file.js');
      const file = new UnitFile(resolve(flags.unitDirectory));
      const state = await file.remove();
      // A unit that is gone can still be stopped.
      const next = `systemctl stop ${SERVICE} && systemctl daemon-reload`;
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ ok: true, unit: { path: file.path, state }, next })}\n`
          : `${state}: ${file.path}\n${state === 'removed' ? `run: ${next}\n` : ''}`,
      );
    });
}
