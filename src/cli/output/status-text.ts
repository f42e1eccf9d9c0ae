import { groupBy } from '../../group-by.js';
import type { HostFailure, HostOverview } from '../../manager/host-status.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { bandwidthText, latencyText, passingText } from './quantities.js';
import { withoutControls } from './report-errors.js';
import type { FormatTable } from './table.js';

const HOST_HEAD = [
  ...['host', 'state', 'environment', 'sites', 'machines', 'links', 'drift'],
  // By all machines of the host together, now.
  ...['sends', 'receives'],
];

/** Rows of drift that a host shows unless all are asked for. */
const SOME_DRIFT = 5;

export interface StatusDetails {
  /** Every link, not only the vifs. */
  readonly links?: boolean;
  /** All that differs, not only the first. */
  readonly drift?: boolean;
}

/** The status of all hosts for people. */
export function statusText(
  hosts: readonly (HostOverview | HostFailure)[],
  details: StatusDetails,
  formatTable: FormatTable,
): string {
  const answering = hosts.filter((host): host is HostOverview => 'cfg' in host);
  const parts = [
    formatTable(HOST_HEAD, hosts.map(hostCells)),
    ownerLines(answering),
    failureLines(answering),
    degradedLines(answering),
    driftTable(answering, details.drift === true, formatTable),
    repairLine(answering),
    vifTable(answering, formatTable),
    details.links === true ? linkTable(answering, formatTable) : '',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function hostCells(host: HostOverview | HostFailure): string[] {
  if ('errors' in host) return [host.name, 'no answer', ...HOST_HEAD.slice(2).map(() => '')];
  const { name, cfg, summary, vifs, sites } = host;
  return [
    name,
    cfg.state === 'confirmWait' ? `${cfg.state} ${String(cfg.confirmRemaining)} s` : cfg.state,
    cfg.runningLabel || '-',
    sites === undefined ? '?' : String(sites.length),
    machinesText(vifs),
    `${String(summary.linksApplied)}/${String(summary.links)}`,
    cfg.driftCount === 0 ? '-' : String(cfg.driftCount),
    passingText(sum(vifs.map((vif) => vif.txMeasuredBandwidth)) * BITS_PER_KILOBIT),
    passingText(sum(vifs.map((vif) => vif.rxMeasuredBandwidth)) * BITS_PER_KILOBIT),
  ];
}

/** Machines of which every vif is as it should be, of all. */
function machinesText(vifs: HostOverview['vifs']): string {
  const machines = [...groupBy(vifs, ({ name, vmName }) => vmName || name).values()];
  const applied = machines.filter((each) => each.every(({ oper }) => oper === 'applied'));
  return `${String(applied.length)}/${String(machines.length)}`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** An owner's name is longer than a column of a table can be. */
function ownerLines(hosts: readonly HostOverview[]): string {
  return hosts
    .filter(({ cfg }) => cfg.owner !== '')
    .map(({ name, cfg }) => withoutControls(`${name}: a manager is at work: ${cfg.owner}`))
    .join('\n');
}

function failureLines(hosts: readonly HostOverview[]): string {
  return hosts
    .filter(({ cfg }) => cfg.state === 'failed')
    .map(({ name, cfg }) => withoutControls(`${name} failed: ${cfg.resultText || cfg.result}`))
    .join('\n');
}

/** Nothing passes what is down, though all is there that should be. */
function degradedLines(hosts: readonly HostOverview[]): string {
  return hosts
    .flatMap(({ name, vifs }) =>
      vifs.filter(({ oper }) => oper === 'degraded').map(({ lastError }) => `${name}: ${lastError}`),
    )
    .map(withoutControls)
    .join('\n');
}

function driftTable(hosts: readonly HostOverview[], all: boolean, formatTable: FormatTable): string {
  const rows = hosts.flatMap(({ name, cfg, drift }) => {
    const shown = all ? drift : drift.slice(0, SOME_DRIFT);
    const others = cfg.driftCount - shown.length;
    return [
      ...shown.map(({ vif, what, text }) => [name, vif || '-', what, text]),
      ...(others > 0 ? [[name, '', '', `and ${String(others)} more${all ? '' : ', see --drift'}`]] : []),
    ];
  });
  return rows.length === 0 ? '' : formatTable(['host', 'vif', 'drift', 'what differs'], rows);
}

function repairLine(hosts: readonly HostOverview[]): string {
  return hosts.some(({ cfg }) => cfg.driftCount > 0)
    ? 'Apply the same files again to repair what differs.'
    : '';
}

function vifTable(hosts: readonly HostOverview[], formatTable: FormatTable): string {
  const rows = hosts.flatMap(({ name, vifs }) =>
    vifs.map((row) => [
      name,
      row.name,
      row.vmName,
      row.oper,
      bandwidthText(row.txBandwidth),
      passingText(row.txMeasuredBandwidth * BITS_PER_KILOBIT),
      bandwidthText(row.rxBandwidth),
      passingText(row.rxMeasuredBandwidth * BITS_PER_KILOBIT),
      latencyText(row.rxLatency),
    ]),
  );
  const head = ['host', 'vif', 'machine', 'state', 'sends', 'now', 'receives', 'now', 'latency'];
  return rows.length === 0 ? '' : formatTable(head, rows);
}

function linkTable(hosts: readonly HostOverview[], formatTable: FormatTable): string {
  const rows = hosts.flatMap(({ name, links }) =>
    links.map((row) => [
      name,
      row.vifName,
      row.peerName,
      row.oper,
      bandwidthText(row.bandwidth),
      latencyText(row.latency),
      passingText(row.measuredBandwidth * BITS_PER_KILOBIT),
      row.drops.toString(),
    ]),
  );
  const head = ['host', 'vif', 'from', 'state', 'bandwidth', 'latency', 'now', 'drops'];
  return rows.length === 0 ? '' : formatTable(head, rows);
}
