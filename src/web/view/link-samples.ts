import type { LinkNow, NetworkState } from '../../manager/monitor/network-state.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import { groupBy } from '../../group-by.js';

/** What a machine receives from one peer, whatever the number of the peer's addresses. */
export interface LinkSample {
  readonly host: string;
  /** Of the machine that receives. */
  readonly vif: string;
  /** Paths of nodes; undefined of what is none, such as a network. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The sender's path, or its address or network as text. */
  readonly peer: string;
  /** Of the address that is worst off, with the last probes of any. */
  readonly row: LinkStateRow;
  /** Bits per second. */
  readonly rate: number | undefined;
  /** Packets per second. */
  readonly drops: number | undefined;
}

/** The links of a state: a row for each address of a sender, which share a class of the kernel and so its counters, is one. */
export function linkSamples({ links }: Pick<NetworkState, 'links'>): LinkSample[] {
  const groups = groupBy(links, ({ host, row, from }) => `${host} ${row.vif} ${from ?? row.peerName}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [sampleOf(first, group)];
  });
}

function sampleOf({ host, from, to, row }: LinkNow, group: readonly LinkNow[]): LinkSample {
  const rows = group.map((link) => link.row);
  const worst = rows.find(({ oper }) => oper !== 'applied') ?? row;
  const echo = newest(rows.filter(({ probeSent }) => probeSent > 0));
  const stream = newest(rows.filter(({ probeBandwidth }) => probeBandwidth > 0));
  return {
    ...{ host, vif: row.vif, from, to, peer: from ?? row.peerName },
    row: {
      ...worst,
      ...(echo !== undefined && {
        probeTime: echo.probeTime,
        probeRttAvg: echo.probeRttAvg,
        probeSent: echo.probeSent,
        probeReceived: echo.probeReceived,
      }),
      ...(stream !== undefined && {
        probeTime: Math.max(stream.probeTime, echo?.probeTime ?? 0),
        probeBandwidth: stream.probeBandwidth,
      }),
    },
    rate: largest(group.map(({ flowing }) => flowing?.rate)),
    drops: largest(group.map(({ flowing }) => flowing?.drops)),
  };
}

function newest(rows: readonly LinkStateRow[]): LinkStateRow | undefined {
  return [...rows].sort((a, b) => b.probeTime - a.probeTime)[0];
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
