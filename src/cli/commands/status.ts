import { Command } from 'commander';
import type { HostFailure, HostOverview } from '../../manager/host-status.js';
import { EXIT } from '../exit-codes.js';
import { decisionText, Notices } from '../output/notices.js';
import { errorBlock } from '../output/report-errors.js';
import { statusText, type StatusDetails } from '../output/status-text.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

/** Milliseconds. Agents read their kernels once a second. */
const RATES_OVER = 1050;

export function statusCommand(): Command {
  return addManagerOptions(
    new Command('status')
      .description('Show what runs on the hosts of the real file, as their kernels report it.')
      .argument('<real>', 'the real-environment file')
      .option('--no-rates', 'do not measure for a second what passes now')
      .option('--links', 'show every link, not only the vifs')
      .option('--drift', 'show all that differs from what should be there, not only the first'),
  )
    .addHelpText('after', '\nExample:\n  netmgr status real.xml --links')
    .action(async (real: string, flags: ManagerFlags & StatusDetails & { readonly rates: boolean }) => {
      const notices = new Notices();
      const manager = await loadManager(real, undefined, managerOptions(flags, notices));
      const hosts = await manager.status(flags.rates ? RATES_OVER : undefined);
      const failed = hosts.filter((host) => 'errors' in host);
      if (failed.length > 0 || notices.arePending) process.exitCode = EXIT.error;
      notices.printWarnings();
      if (flags.json === true) {
        const ok = process.exitCode !== EXIT.error;
        const report = { ok, hosts: hosts.map(plain), ...notices.toJSON() };
        process.stdout.write(`${JSON.stringify(report, jsonValue, 2)}\n`);
        return;
      }
      const { formatTable } = await import('../output/table.js');
      const parts = [...notices.decisions.map(decisionText), statusText(hosts, flags, formatTable)];
      process.stdout.write(`${parts.join('\n\n')}\n`);
      // What is wrong here, such as a secret that is missing, is wrong for all hosts alike.
      const blocks = new Set(failed.flatMap(({ errors }) => errors.map(errorBlock)));
      for (const block of blocks) process.stderr.write(`${block}\n`);
    });
}

function plain(host: HostOverview | HostFailure): object {
  if ('errors' in host) return { name: host.name, errors: host.errors };
  const { name, host: about, cfg, summary, vifs, links, sites, drift } = host;
  return { name, about, commit: cfg, summary, vifs, links, sites: sites ?? null, drift };
}

/** Counters beyond 2^53 keep their digits as text; digests are hexadecimal. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
  if (value instanceof Set) return [...value];
  if (isBufferJson(value)) return Buffer.from(value.data).toString('hex');
  return value;
}

/** What Buffer.prototype.toJSON makes of a buffer before a replacer sees it. */
function isBufferJson(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}
