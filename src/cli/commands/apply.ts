import { Command } from 'commander';
import { loadManager } from './load-manager.js';
import type { ApplyReport, Manager } from '../../manager/manager.js';
import { uninterrupted } from '../uninterrupted.js';
import { withProgress } from '../output/progress.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

export function applyCommand(): Command {
  return addManagerOptions(
    new Command('apply')
      .description('Make the network of the virtual file, on all hosts of the real file or on none.')
      .argument('<real>', 'the real-environment file: what is there')
      .argument('<virtual>', 'the virtual-environment file: what is wanted'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  netmgr apply fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml',
    )
    .action(async (real: string, virtual: string, flags: ManagerFlags) => {
      const manager = await loadManager(real, virtual, managerOptions(flags));
      const report = await uninterrupted((signal) =>
        withProgress(hostNames(manager), flags.json === true, (onStep) => manager.apply(onStep, signal)),
      );
      printReport(report, 'applied', flags);
    });
}

export function hostNames(manager: Manager): string[] {
  return manager.real.hosts.map(({ name }) => name);
}

/** One line for people, everything for programs. */
export function printReport(report: ApplyReport, done: string, { json }: ManagerFlags): void {
  const changed = report.hosts.filter((host) => host.changed);
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ ok: true, ...report }, undefined, 2)}\n`);
    return;
  }
  const rows = changed.reduce((sum, host) => sum + host.rows, 0);
  const hosts = `${String(changed.length)} of ${String(report.hosts.length)} hosts`;
  process.stdout.write(
    changed.length === 0
      ? 'nothing to do\n'
      : `${done} on ${hosts}: ${String(rows)} rows in ${report.duration.toFixed(1)} s\n`,
  );
}
