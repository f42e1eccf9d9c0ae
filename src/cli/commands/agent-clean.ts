import { resolve } from 'node:path';
import { Command } from 'commander';
import type { CleanReport } from '../../agent/clean-host.js';
import type { MachineKind } from '../../agent/machines/machine-kinds.js';
import { EXIT } from '../exit-codes.js';
import { errorBlock, withoutControls } from '../output/report-errors.js';
import { createLog, withMachineOptions } from './agent-flags.js';

interface CleanFlags {
  readonly stateDirectory: string;
  readonly machines: MachineKind;
  readonly qmpDirectory: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function agentCleanCommand(): Command {
  return withMachineOptions(new Command('clean'))
    .description(
      'Remove everything that netmgr made on this host, put back what it replaced, and forget what ran. Needs no manager and no snmpd; the agent must not run.',
    )
    .option('--state-directory <directory>', 'where the agent keeps its files', '/var/lib/netmgr')
    .option('--dry-run', 'only say what there is')
    .option('--json', 'print the result, or the errors, as JSON')
    .addHelpText('after', '\nExample:\n  systemctl stop netmgr-agent\n  netmgr agent clean --dry-run')
    .action(async ({ stateDirectory, machines, qmpDirectory, dryRun = false, json = false }: CleanFlags) => {
      const { cleanHost } = await import('../../agent/clean-host.js');
      const log = await createLog({ logLevel: 'warn' });
      const where = { machines, qmpDirectory: resolve(qmpDirectory) };
      const report = await cleanHost({ stateDirectory: resolve(stateDirectory), ...where, dryRun }, log);
      const { failures } = report;
      const ok = failures.length === 0;
      if (!ok) process.exitCode = EXIT.error;
      if (json) {
        const { found, damage } = report;
        const errors = failures.map((failure) => failure.toJSON());
        process.stdout.write(
          `${JSON.stringify({ ok, dryRun, found, damage, ...(ok ? {} : { errors }) }, undefined, 2)}\n`,
        );
        return;
      }
      process.stdout.write(`${asText(report, dryRun)}\n`);
      for (const failure of failures) process.stderr.write(`${errorBlock(failure)}\n`);
    });
}

function asText({ found, damage, failures }: CleanReport, dryRun: boolean): string {
  const many = found.length === 1 ? '1 thing' : `${String(found.length)} things`;
  const summary = dryRun
    ? `${many} of netmgr on this host`
    : failures.length > 0
      ? `${many} of netmgr on this host, and not all could be removed`
      : `removed: ${many} of netmgr`;
  return [
    ...found.map((text) => `- ${text}`),
    ...damage,
    found.length === 0 && failures.length === 0 ? 'nothing to do: this host has nothing of netmgr' : summary,
  ]
    .map(withoutControls)
    .join('\n');
}
