import { Command } from 'commander';
import { Notices } from '../output/notices.js';
import { loadManager } from './load-manager.js';

export function validateCommand(): Command {
  return new Command('validate')
    .description('Check the files, each by itself and against each other. No host is asked.')
    .argument('<real>', 'the real-environment file')
    .argument('[virtual]', 'the virtual-environment file')
    .option('--json', 'print the result, or the errors, as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  netmgr validate fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml',
    )
    .action(async (real: string, virtual: string | undefined, flags: { json?: boolean }) => {
      const notices = new Notices();
      const manager = await loadManager(real, virtual, notices.listeners);
      const summary = {
        hosts: manager.real.hosts.length,
        machines: manager.real.hosts.reduce((sum, { vms }) => sum + vms.length, 0),
        sites: manager.virtual?.sites.length ?? 0,
        links: manager.virtual?.links.length ?? 0,
        rows: manager.environment.hosts.reduce((sum, { configuration }) => sum + configuration.size, 0),
      };
      if (flags.json === true) {
        process.stdout.write(
          `${JSON.stringify({ ok: true, ...summary, warnings: notices.warnings }, undefined, 2)}\n`,
        );
        return;
      }
      const wanted =
        virtual === undefined
          ? ''
          : `, ${String(summary.sites)} sites, ${String(summary.links)} links (${String(summary.rows)} rows)`;
      process.stdout.write(
        `valid: ${String(summary.hosts)} hosts, ${String(summary.machines)} machines${wanted}\n`,
      );
      notices.printWarnings();
    });
}
