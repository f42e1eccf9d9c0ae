import { groupBy } from '../../group-by.js';
import type { HostFailure, HostStatus } from '../../manager/host-status.js';
import type { LinkNow, NetworkState } from '../../manager/monitor/network-state.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { valueText } from './measured-values.js';
import { bandwidthText, passingText } from './quantities.js';
import { withoutControls } from './report-errors.js';
import type { FormatTable } from './table.js';

/** Lines beside the links: head, hosts' head, blanks. */
const OTHER_LINES = 6;
const FEWEST_LINKS = 5;

/** What was notified since it began. */
export interface WatchedNews {
  /** The last ones, the newest last. */
  readonly lines: readonly string[];
  /** How many were not taken: of no known user, or altered. */
  readonly refused: number;
  /** Who sent the last of another kind than before, and why it was refused. */
  readonly lastRefusal?: string | undefined;
}

/**
 * What is seen of the network at a moment; the links with the most traffic first, as many as there is room for.
 *
 * @param news absent if none is received
 */
export function watchText(
  state: NetworkState,
  lines: number,
  format: FormatTable,
  news?: WatchedNews,
): string {
  const links = busiestFirst(state.links);
  const drifts = state.hosts.flatMap((host) =>
    'cfg' in host
      ? host.drift.slice(0, 1).map(({ text }) => withoutControls(`  ! ${host.name}: ${text}`))
      : [],
  );
  const newsLines = news === undefined ? [] : ['', ...linesOf(news)];
  const room = Math.max(
    FEWEST_LINKS,
    lines - state.hosts.length - drifts.length - newsLines.length - OTHER_LINES,
  );
  const more = links.length - room;
  return [
    `${state.time.toISOString().slice(11, 19)} UTC  ${String(state.hosts.length)} hosts, ${String(state.vifs.length)} vifs, ${String(links.length)} ways`,
    format(['host', 'state', 'environment', 'vifs', 'links', 'drift'], state.hosts.map(hostCells)),
    ...drifts,
    '',
    format(['way', 'limit', 'now', 'used', 'drops/s', 'rtt', 'state'], links.slice(0, room).map(linkCells)),
    ...(more > 0 ? [`and ${String(more)} more with less traffic`] : []),
    ...newsLines,
  ].join('\n');
}

function linesOf({ lines, refused, lastRefusal = '' }: WatchedNews): string[] {
  return [
    `notifications${lines.length === 0 ? ': none yet' : ''}`,
    ...lines.map((line) => `  ${line}`),
    ...(refused === 0 ? [] : [`  ${String(refused)} refused; ${lastRefusal}`]),
  ];
}

function hostCells(host: HostStatus | HostFailure): string[] {
  if (!('cfg' in host)) return [host.name, 'no answer', '', '', '', ''];
  const { name, cfg, summary } = host;
  return [
    ...[name, cfg.state, cfg.runningLabel || '-'],
    `${String(summary.vifsApplied)}/${String(summary.vifs)}`,
    `${String(summary.linksApplied)}/${String(summary.links)}`,
    cfg.driftCount === 0 ? '-' : String(cfg.driftCount),
  ];
}

/** The addresses of one sender share what they send: one of their rows stands for all. */
export function busiestFirst(links: readonly LinkNow[]): LinkNow[] {
  const ways = groupBy(links, ({ host, row, from }) => [host, row.vif, from ?? row.peerName].join('\n'));
  const rate = ({ flowing }: LinkNow): number => flowing?.rate ?? 0;
  return [...ways.values()]
    .flatMap((rows) => [...rows].sort((a, b) => rate(b) - rate(a)).slice(0, 1))
    .sort((a, b) => rate(b) - rate(a));
}

function linkCells({ row, from, to, flowing }: LinkNow): string[] {
  const limit = row.bandwidth * BITS_PER_KILOBIT;
  return [
    `${from ?? row.peerName} → ${to ?? row.vifName}`,
    bandwidthText(row.bandwidth),
    passingText(flowing?.rate),
    flowing === undefined || limit === 0 ? '-' : `${((flowing.rate / limit) * 100).toFixed(0)} %`,
    flowing === undefined ? '-' : flowing.drops.toFixed(0),
    row.probeRttAvg === 0 ? '-' : valueText('latency', row.probeRttAvg),
    row.oper,
  ];
}

/** One line of JSON for a program. Rates are in bits per second, round trips in microseconds. */
export function watchJson(state: NetworkState): string {
  return JSON.stringify({
    time: state.time.toISOString(),
    hosts: state.hosts.map((host) =>
      'cfg' in host
        ? {
            ...{ name: host.name, state: host.cfg.state, environment: host.cfg.runningLabel },
            ...{ driftCount: host.cfg.driftCount, drift: host.drift.map(({ text }) => text) },
            ...host.summary,
          }
        : { name: host.name, errors: host.errors },
    ),
    links: busiestFirst(state.links).map(({ host, row, from, to, flowing }) => ({
      ...{ host, vif: row.vifName, peer: row.peerName, from, to, oper: row.oper },
      ...{ bandwidth: row.bandwidth * BITS_PER_KILOBIT, rate: flowing?.rate, drops: flowing?.drops },
      rtt: row.probeRttAvg,
    })),
  });
}
