import { numberOf } from '../printed.js';
import { NO_COUNTERS, type TcCounters, type TcDevice } from './model.js';
import type { PrintedQdisc } from './printed-qdisc.js';

/** The counters of a root qdisc, which are those of all below it. */
export function deviceCounters(qdiscs: readonly PrintedQdisc[]): TcCounters {
  const root = qdiscs.find(({ root: isRoot }) => isRoot === true);
  return root === undefined ? NO_COUNTERS : countersOf(root);
}

function countersOf({ counters }: PrintedQdisc): TcCounters {
  const big = (key: string): bigint => BigInt(Math.trunc(numberOf(counters[key])));
  return {
    octets: big('bytes'),
    packets: big('packets'),
    drops: big('drops'),
    overlimits: big('overlimits'),
    backlogOctets: numberOf(counters['backlog']),
    backlogPackets: numberOf(counters['qlen']),
  };
}

/**
 * The counters of each class. The qdisc at the class counts what passes and is dropped, below it too (netem and
 * tbf count a drop of their child); the tbf of the rate alone knows how often a packet had to wait for the rate. A class
 * without a qdisc counts by itself.
 */
export function classCounters(
  device: TcDevice,
  qdiscs: readonly PrintedQdisc[],
  classLines: readonly string[],
): Map<number, TcCounters> {
  const byHandle = new Map(qdiscs.map((qdisc) => [Number.parseInt(qdisc.handle, 16), qdisc]));
  const counters = parseClassCounters(classLines);
  for (const minor of device.classes.keys()) {
    const placed = device.qdiscs.filter(({ classMinor }) => classMinor === minor);
    const top = placed.find(({ below }) => below === 0);
    const tbf = placed.find(({ qdisc }) => qdisc.kind === 'tbf');
    const printed = top === undefined ? undefined : byHandle.get(top.handle);
    if (printed === undefined) continue;
    const limiting = tbf === undefined ? undefined : byHandle.get(tbf.handle);
    const overlimits = limiting === undefined ? 0n : countersOf(limiting).overlimits;
    counters.set(minor, { ...countersOf(printed), overlimits });
  }
  return counters;
}

const SIZES: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** The statistics that follow a class, as text. */
function parseClassCounters(lines: readonly string[]): Map<number, TcCounters> {
  const counters = new Map<number, TcCounters>();
  let minor: number | undefined;
  for (const line of lines) {
    const name = /^class (\S+) ([0-9a-f]+):([0-9a-f]+) /.exec(line);
    if (name !== null) {
      minor = name[1] === 'htb' && name[2] === '4e4d' ? Number.parseInt(name[3] ?? '', 16) : undefined;
    }
    if (minor === undefined) continue;
    const sent = /^ Sent (\d+) bytes (\d+) pkts? \(dropped (\d+), overlimits (\d+) /.exec(line);
    if (sent !== null) {
      const [octets, packets, drops, overlimits] = sent.slice(1).map((text) => BigInt(text));
      counters.set(minor, {
        ...NO_COUNTERS,
        octets: octets ?? 0n,
        packets: packets ?? 0n,
        drops: drops ?? 0n,
        overlimits: overlimits ?? 0n,
      });
    }
    const backlog = /^ backlog (\d+)([KMG]?)b (\d+)p /.exec(line);
    const held = counters.get(minor);
    if (backlog !== null && held !== undefined) {
      const backlogOctets = Number(backlog[1]) * (SIZES[backlog[2] ?? ''] ?? 1);
      counters.set(minor, { ...held, backlogOctets, backlogPackets: Number(backlog[3]) });
    }
  }
  return counters;
}
