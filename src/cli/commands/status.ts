import { Command } from 'commander';
import { loadManager } from './load-manager.js';
import type { HostFailure, HostStatus } from '../../manager/manager.js';
import { EXIT } from '../exit-codes.js';
import type { FormatTable } from '../output/table.js';
import { bandwidthText, latencyText } from '../output/quantities.js';
import { errorBlock } from '../output/report-errors.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

export function statusCommand(): Command {
  return addManagerOptions(
    new Command('status')
      .description('Show what runs on the hosts of the real file, as their kernels report it.')
      .argument('<real>', 'the real-environment file')
      .option('--links', 'show every link, not only the vifs'),
  )
    .addHelpText('after', '\nExample:\n  netmgr status fixtures/real-env/grid.xml --links')
    .action(async (real: string, flags: ManagerFlags & { links?: boolean }) => {
      const manager = await loadManager(real, undefined, managerOptions(flags));
      const hosts = await manager.status();
      const failed = hosts.filter((host) => 'errors' in host);
      if (failed.length > 0) process.exitCode = EXIT.error;
      if (flags.json === true) {
        process.stdout.write(
          `${JSON.stringify({ ok: failed.length === 0, hosts: hosts.map(plain) }, jsonValue, 2)}\n`,
        );
        return;
      }
      const { formatTable } = await import('../output/table.js');
      process.stdout.write(`${statusText(hosts, flags.links === true, formatTable)}\n`);
      for (const { errors } of failed) process.stderr.write(`${errors.map(errorBlock).join('\n')}\n`);
    });
}

function plain(host: HostStatus | HostFailure): object {
  if ('errors' in host) return { name: host.name, errors: host.errors };
  const { name, host: about, cfg, summary, vifs, links } = host;
  return { name, about, commit: cfg, summary, vifs, links };
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

function statusText(
  hosts: readonly (HostStatus | HostFailure)[],
  withLinks: boolean,
  formatTable: FormatTable,
): string {
  const answering = hosts.filter((host): host is HostStatus => 'cfg' in host);
  const parts = [
    formatTable(
      ['host', 'state', 'environment', 'vifs', 'links', 'owner'],
      hosts.map((host) =>
        'errors' in host
          ? [host.name, 'no answer', '', '', '', '']
          : [
              host.name,
              host.cfg.state,
              host.cfg.runningLabel || '-',
              `${String(host.summary.vifsApplied)}/${String(host.summary.vifs)}`,
              `${String(host.summary.linksApplied)}/${String(host.summary.links)}`,
              host.cfg.owner || '-',
            ],
      ),
    ),
  ];
  const vifs = answering.flatMap(({ name, vifs: rows }) =>
    rows.map((row) => [
      name,
      row.name,
      row.vmName,
      row.oper,
      bandwidthText(row.rxBandwidth),
      latencyText(row.rxLatency),
      bandwidthText(row.txBandwidth),
      bandwidthText(row.rxMeasuredBandwidth),
    ]),
  );
  if (vifs.length > 0) {
    parts.push(
      formatTable(['host', 'vif', 'machine', 'state', 'receives', 'latency', 'sends', 'measured'], vifs),
    );
  }
  const links = answering.flatMap(({ name, links: rows }) =>
    rows.map((row) => [
      name,
      row.vifName,
      row.peerName,
      row.oper,
      bandwidthText(row.bandwidth),
      latencyText(row.latency),
      bandwidthText(row.measuredBandwidth),
      row.drops.toString(),
    ]),
  );
  if (withLinks && links.length > 0) {
    parts.push(
      formatTable(['host', 'vif', 'from', 'state', 'bandwidth', 'latency', 'measured', 'drops'], links),
    );
  }
  return parts.join('\n\n');
}
